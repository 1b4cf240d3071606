"""What follows a write in its transaction, whatever the type: capabilities that keep something of every record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kariz.core.drafts import Draft
    from kariz.core.registry import RecordType

Written = Callable[["RecordType", Sequence["Draft"]], None]
Erased = Callable[["RecordType", Sequence[int]], None]

_written: list[Written] = []
_erased: list[Erased] = []


def on_written(follow: Written) -> Written:
    """Register what is to be done with each set of drafts that has just been written, new and changed records alike.

    It runs for every save and every stretch of an import: a few statements for the whole set at most.
    """
    _written.append(follow)
    return follow


def on_erased(follow: Erased) -> Erased:
    """Register what is to be done when records have just been taken out; their ids are given."""
    _erased.append(follow)
    return follow


def written(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    for follow in _written:
        follow(record_type, drafts)


def erased(record_type: RecordType, ids: Sequence[int]) -> None:
    for follow in _erased:
        follow(record_type, ids)
