"""Caches of what administrators shape: kept per process, read again when the company's revision moves on."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from kariz.accounts import company

T = TypeVar("T")


def by_revision(load: Callable[[], T]) -> Callable[[], T]:
    """Call `load` once per revision of the company."""
    held: tuple[str, T] | None = None

    @wraps(load)
    def cached() -> T:
        nonlocal held
        revision = company.current().revision
        if held is None or held[0] != revision:
            held = (revision, load())
        return held[1]

    return cached
