"""Lets time go by in a test. A conftest that imports the fixture has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.utils import timezone


@dataclass
class Clock:
    ahead: timedelta = timedelta(0)
    real: Callable[[], datetime] = field(default=timezone.now)

    @property
    def now(self) -> datetime:
        return self.real() + self.ahead

    def forward(self, by: timedelta) -> None:
        self.ahead += by


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """`clock.forward(...)` lets time go by."""
    ours = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: ours.now)
    return ours
