"""Everywhere that something is kept of a person: what is there can be counted, handed over and erased.

    erasing.add("comments", _("Comments"), Rows(Comment, ("text", "created_at"), blanks={"text": ERASED}))

Whatever keeps something of records beside them registers its place; an erasure goes through all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import JSONField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from kariz.lib.mentions import Mentions

if TYPE_CHECKING:
    from kariz.core.models import Change, ChangeBatch

ERASED = "␡"
"""Stands in the history for a value that was erased; as a key it marks a change of which nothing can be restored."""
MASK = "[…]"
"""Stands in a text for the words that named the person."""
MOST_NEEDLES = 60
AT_ONCE = 500
LIST = "erased.jsonl"
"""The file of the data folder that says who was erased, by ids alone: no backup brings an older one back."""


class Held(Exception):
    """Something is under way that would bring the person back; the message says what to wait for."""


@dataclass(frozen=True)
class Person:
    """Whose traces are meant: records by type, what names the person elsewhere, which fields are personal.

    `goes` says that the records go too; else they stay without their personal values. `needles` are texts of which
    one occurs wherever the database is to look for mentions; without any it looks everywhere.
    """

    records: Mapping[str, Sequence[int]]
    mentions: Mentions
    personal: Mapping[str, frozenset[str]]
    goes: bool = False
    needles: tuple[str, ...] = ()
    linked: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Records of no person that are linked to these: their texts may name the person."""
    batch: ChangeBatch | None = None
    """Where what the erasure changes belongs."""

    def q(self, type_column: str = "record_type", id_column: str = "record_id") -> Q:
        """Rows that belong to the records by these two columns."""
        return named(self.records, type_column, id_column)


def named(records: Mapping[str, Sequence[int]], type_column: str, id_column: str) -> Q:
    parts = (Q(**{type_column: name, f"{id_column}__in": ids}) for name, ids in records.items() if ids)
    return reduce(or_, parts, Q(pk__in=()))


class Place(Protocol):
    """Somewhere that something is kept of a person. All three see the same rows."""

    def count(self, person: Person) -> int: ...

    def tell(self, person: Person) -> list[Any]:
        """What is kept, as JSON, for the person to have."""
        ...

    def erase(self, person: Person) -> None:
        """In the transaction of the erasure; what is outside the database goes when that is committed."""
        ...


@dataclass(frozen=True)
class Rows:
    """Rows that belong to records by type and id: they go with the records, or lose the texts that `blanks` names.

    Without `blanks` the rows go in any case. `told` are the columns that the person gets to read.
    """

    model: type[Model]
    told: tuple[str, ...] = ()
    blanks: Mapping[str, Any] = field(default_factory=dict)

    def _rows(self, person: Person) -> QuerySet[Any]:
        return self.model._default_manager.filter(person.q())

    def count(self, person: Person) -> int:
        return self._rows(person).count()

    def tell(self, person: Person) -> list[Any]:
        return (
            [as_told(row) for row in self._rows(person).order_by("pk").values(*self.told)]
            if self.told
            else []
        )

    def erase(self, person: Person) -> None:
        if person.goes or not self.blanks:
            self._rows(person).delete()
        else:
            self._rows(person).update(**self.blanks)


@dataclass(frozen=True)
class Mentioned:
    """Rows of anybody's in whose `columns`, texts or JSON, the person is named: the words are covered, the rows stay.

    `is_small` says that every row can be read; in larger tables the database looks for the needles first.
    """

    model: type[Model]
    columns: tuple[str, ...]
    is_small: bool = False

    def _rows(self, person: Person) -> QuerySet[Any]:
        return self.model._default_manager.order_by("pk")

    def _found(self, person: Person) -> Iterator[Any]:
        rows = self._rows(person)
        if not self.is_small and person.needles:
            rows = _holding(rows, self.columns, person.needles)
        for row in rows.iterator(chunk_size=AT_ONCE):
            if any(person.mentions.are_in(getattr(row, name)) for name in self.columns):
                yield row

    def count(self, person: Person) -> int:
        return sum(1 for _row in self._found(person)) if person.mentions else 0

    def tell(self, person: Person) -> list[Any]:
        return []  # it speaks of others too

    def erase(self, person: Person) -> None:
        if not person.mentions:
            return
        for row in list(self._found(person)):
            for name in self.columns:
                longest = self.model._meta.get_field(name).max_length  # type: ignore[union-attr]
                setattr(row, name, _cut(person.mentions.masked(getattr(row, name), MASK), longest))
            row.save(update_fields=self.columns)


def _cut(value: Any, longest: int | None) -> Any:
    return value[:longest] if longest and isinstance(value, str) else value


def _holding(rows: QuerySet[Any], columns: Iterable[str], needles: Iterable[str]) -> QuerySet[Any]:
    """Rows that hold one of the needles, in JSON as SQLite keeps it or as it is meant."""
    condition = Q()
    for name in columns:
        place = name
        if isinstance(rows.model._meta.get_field(name), JSONField):
            place = f"{name}_text"
            rows = rows.alias(**{place: Cast(name, TextField())})
        for needle in needles:
            for spelt in {needle, json.dumps(needle)[1:-1]}:
                condition |= Q(**{f"{place}__icontains": spelt})
    return rows.filter(condition)


def as_told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


@dataclass(frozen=True)
class Registered:
    name: str
    label: Any
    place: Place
    position: int


_places: dict[str, Registered] = {}


def add(name: str, label: Any, place: Place, *, position: int = 100) -> None:
    """Register a place; those with a low position come first."""
    _places[name] = Registered(name, label, place, position)


def places() -> list[Registered]:
    return sorted(_places.values(), key=lambda one: one.position)


# What no erasure reaches: copies of everything, such as backups.


@dataclass(frozen=True)
class Copy:
    """A copy that may hold the person, and the day after which it is gone by itself; None where somebody must."""

    name: str
    made_at: datetime
    until: date | None


Copies = Callable[[], Iterable[Copy]]
_copies: list[Copies] = []
_again: list[Callable[[], int]] = []


def copies_by(function: Copies) -> Copies:
    """Register who knows of copies of everything."""
    _copies.append(function)
    return function


def copies() -> list[Copy]:
    return sorted((copy for one in _copies for copy in one()), key=lambda copy: copy.made_at)


def on_restored(function: Callable[[], int]) -> Callable[[], int]:
    """Register what erases again whoever a copy has brought back; it gives how many erasures that were."""
    _again.append(function)
    return function


def erase_again() -> int:
    """To be called when a copy of everything has been put in place."""
    return sum(function() for function in _again)


def is_final(change: Change) -> bool:
    """Whether the values of a change were erased: nothing that it tells of can be restored."""
    return ERASED in change.values


def restorable(values: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The pairs of a change that still say what was."""
    return {name: pair for name, pair in values.items() if ERASED not in pair}
