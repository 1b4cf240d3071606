"""The cast, at their browsers and with their programs; one that people connect."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.conftest import (  # noqa: F401  fixtures
    cast,
    fresh_company,
    no_permits_held,
    program,
    record_type,
    shirin,
    shirins,
)
from tests.connecting import Planner


@pytest.fixture
def planner(cast):  # noqa: F811  the fixture
    """A program without a secret that may ask for everything."""
    return Planner(cast.shirin)


@pytest.fixture
def server(cast):  # noqa: F811  the fixture
    """A program with a secret."""
    return Planner(
        cast.shirin, name="Books", is_confidential=True, addresses=["https://books.example/back?from=kariz"]
    )


@pytest.fixture
def clock(monkeypatch):
    """`clock.forward(...)` lets time go by."""

    class Clock:
        ahead, real = timedelta(0), staticmethod(timezone.now)

        @property
        def now(self):
            return self.real() + self.ahead

        def forward(self, **by):
            self.ahead += timedelta(**by)

    ours = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: ours.now)
    return ours
