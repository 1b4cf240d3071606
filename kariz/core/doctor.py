"""What can come to differ behind the doors' back: finds it, and puts it right.

Everything is looked at by statements over whole tables, or some records at a time: memory does not grow with the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kariz.accounts.models import User
from kariz.core import registry
from kariz.core.registry import RecordType

AT_ONCE = 1000

Tell = Callable[[str, int], None]
telling: ContextVar[Tell] = ContextVar("kariz_doctor_telling")
"""Hears what is looked at, and how many records of it have been."""


class Unrepairable(Exception):
    """What was found cannot be put right here; the message says what to do."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, how often, and what puts it right, which may raise `Unrepairable`."""

    name: str
    message: str
    count: int
    repair: Callable[[], Any]


Look = Callable[[], Iterator[Finding]]
_looks: list[Look] = []


def look(function: Look) -> Look:
    """Register what else is examined: a capability looks after what it keeps of records."""
    _looks.append(function)
    return function


def examine() -> Iterator[Finding]:
    """Everything that is wrong, as it is found."""
    for one in _looks:
        tell(one.__name__.replace("_", " "), 0)
        yield from one()


def tell(what: str, done: int) -> None:
    told = telling.get(None)
    if told:
        told(what, done)


def chunks(record_type: RecordType) -> Iterator[list[Any]]:
    """All records of a type, some at a time."""
    last, done = 0, 0
    while chunk := list(record_type.model.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield chunk
        last, done = chunk[-1].pk, done + len(chunk)
        tell(f"{record_type.name} records", done)


def orphans(rows: QuerySet[Any], type_column: str, id_column: str) -> QuerySet[Any]:
    """The rows that name a record that is not there."""
    there = Q()
    for name, model in models().items():
        there |= Q(**{type_column: name}) & Q(Exists(model.objects.filter(pk=OuterRef(id_column))))
    return rows.exclude(there)


def models() -> dict[str, Any]:
    """What a link can lead to, by name."""
    return {record_type.name: record_type.model for record_type in registry.every()} | {"user": User}
