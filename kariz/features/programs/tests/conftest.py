"""The cast, at their browsers and with their programs; one that people connect."""

import pytest

from tests.clock import clock  # noqa: F401  a fixture
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
