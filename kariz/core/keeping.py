"""How long what is kept for a while is kept: told by whoever throws it away, read on the page about retention."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Period = timedelta | str | None


@dataclass(frozen=True)
class Kept:
    """`period` is how long, a sentence where it is not a time, None for good."""

    label: Any
    period: Callable[[], Period]


_kept: list[Kept] = []


def say(label: Any, period: Callable[[], Period] | Period) -> None:
    """Tell how long something is kept. A function is asked each time: administrators may change the answer."""
    _kept.append(Kept(label, period if callable(period) else lambda: period))


def every() -> list[Kept]:
    return list(_kept)
