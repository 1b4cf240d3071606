"""Where a record came from and what came of it, both ways along the fields that record types call `origin`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kariz.accounts.models import User
from kariz.core import links, records, seen
from kariz.core.fields import Field
from kariz.core.registry import RecordType
from kariz.web.listing import record_address

FURTHEST = 3
MOST_MADE = 10


@dataclass(frozen=True)
class Step:
    record_type: RecordType
    title: str
    url: str


@dataclass(frozen=True)
class Origin:
    """`before` leads from the first record to this one, `after` are those that were made from it."""

    before: list[Step]
    after: list[Step]


def of(record_type: RecordType, record: Any, user: User) -> Origin:
    return Origin(_before(record_type, record, user), _after(record_type, record, user))


def _before(record_type: RecordType, record: Any, user: User) -> list[Step]:
    """The records that this one came from, the first of them first. One query a step."""
    found: list[Step] = []
    while len(found) < FURTHEST and (came_from := _origin(record_type, record)):
        name, pk = came_from
        record_type = seen.get(name, user)
        record = _named(record_type, records.visible(record_type, user)).filter(pk=pk).first()
        if record is None:
            break
        found.insert(0, _step(record_type, record))
    return found


def _origin(record_type: RecordType, record: Any) -> tuple[str, int] | None:
    for name in record_type.origin:
        field = record_type.all_fields[name]
        if pk := field.get(record):
            return field.target, pk
    return None


def _after(record_type: RecordType, record: Any, user: User) -> list[Step]:
    return [
        _step(other, made)
        for other, field in made_from(record_type)
        for made in _named(other, records.visible(other, user, where=[field.name, "is", record.pk]))[
            :MOST_MADE
        ]
    ]


def _named(record_type: RecordType, queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Nothing but the name and the way back."""
    fields = record_type.all_fields
    return queryset.only(*(fields[name].attribute for name in (record_type.title, *record_type.origin)))


def made_from(record_type: RecordType) -> list[tuple[RecordType, Field]]:
    """The types whose records come from this one, and the field that says so."""
    return [(other, field) for other, field in links.pointing_at(record_type) if field.name in other.origin]


def _step(record_type: RecordType, record: Any) -> Step:
    title = str(record_type.all_fields[record_type.title].get(record))
    return Step(record_type, title, record_address(record_type.name, record.pk))
