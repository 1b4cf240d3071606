"""What Kariz answers. Values are as the API has them: days and moments as texts, amounts as texts, links as ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Person:
    """A user of Kariz."""

    id: int
    name: str
    is_active: bool = True


@dataclass(frozen=True)
class Me:
    """Whom the token stands for, and how far it reaches: `scope` is record type → verbs, `*` stands for all."""

    user: Person
    role: str
    is_administrator: bool
    scope: Mapping[str, Sequence[str]]
    language: str
    time_zone: str
    currency: str


@dataclass(frozen=True)
class Record:
    """A record as it was when it was read. `expanded` has the linked records that were asked for, as JSON.

    `batch` is the one by which the write that gave this record can be undone; None where it was only read.
    """

    type: str
    id: int
    version: int
    fields: Mapping[str, Any]
    expanded: Mapping[str, Any] = field(default_factory=dict)
    batch: int | None = None

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    @classmethod
    def of(cls, type_name: str, row: Mapping[str, Any], batch: int | None = None) -> Record:
        values = dict(row)
        pk, version, expanded = values.pop("id"), values.pop("version"), values.pop("_expanded", {})
        return cls(type_name, pk, version, values, expanded, batch)


@dataclass(frozen=True)
class Page:
    """Some of a long list, and the cursors of the pages beside it. `count` is there where it was asked for."""

    items: Sequence[Record]
    next: str | None = None
    previous: str | None = None
    count: int | None = None
    count_is_capped: bool = False

    def __iter__(self) -> Iterator[Record]:
        return iter(self.items)


@dataclass(frozen=True)
class Group:
    """So many records have these values; sums of amounts are by currency."""

    keys: Mapping[str, Any]
    count: int
    sums: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """What became of one of many: `created`, `updated`, `deleted`, `unchanged` or `failed`, with the messages."""

    index: int
    id: int | None
    result: str
    version: int | None = None
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of many records at one go; `batch` undoes it."""

    batch: int | None
    created: int
    updated: int
    deleted: int
    unchanged: int
    failed: int
    items: tuple[Item, ...]

    @property
    def failures(self) -> list[Item]:
        return [one for one in self.items if one.result == "failed"]


@dataclass(frozen=True)
class Touched:
    """A record that was `created`, `updated` or `deleted`."""

    type: str
    id: int
    kind: str


@dataclass(frozen=True)
class Done:
    """What an action did; `batch` undoes it."""

    batch: int | None
    changes: tuple[Touched, ...]


@dataclass(frozen=True)
class Count:
    type: str
    kind: str
    count: int


@dataclass(frozen=True)
class Batch:
    """What was changed at one go."""

    id: int
    kind: str
    label: str
    by: Person | None
    at: datetime
    undoes: int | None
    undone_by: int | None
    may_undo: bool
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Kept:
    """A record that was left alone, since somebody has changed these fields meanwhile."""

    type: str
    id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Undone:
    """How far taking a batch back has come; a large one is taken back by a job."""

    batch: int
    is_done: bool
    done: int
    total: int
    restored: int
    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class Change:
    """What happened to a record. `values` has, for each field, what it was and what it became: `old` and `new`."""

    id: int
    type: str
    record: int
    kind: str
    version: int
    at: datetime
    by: Person | None
    batch: int
    values: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Cause:
    """The batch of an event."""

    id: int
    kind: str


@dataclass(frozen=True)
class User:
    """Who did something, as the feed of changes names him."""

    id: int
    username: str
    name: str


@dataclass(frozen=True)
class Event:
    """A change in the feed of all records. `values` has `before` and `after` of each field; a deletion has none."""

    id: int
    type: str
    record: int
    kind: str
    version: int
    batch: Cause
    at: datetime
    by: User | None
    values: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Comment:
    id: int
    text: str
    by: Person
    at: datetime
    batch: int


@dataclass(frozen=True)
class Hit:
    """A record that a search found."""

    type: str
    id: int
    title: str
    subtitle: str


@dataclass(frozen=True)
class Candidate:
    """A record that may be the same person or firm, and why."""

    type: str
    id: int
    title: str
    owner: int | None
    score: int
    is_likely: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Met:
    """The card that a request was put on. `id` and `is_new` are None where the token does not see which it is."""

    type: str
    id: int | None
    is_new: bool | None
    batch: int | None = None


@dataclass(frozen=True)
class Import:
    """How far an import is. `problems` counts what was wrong with rows, `failures` are the first of them."""

    id: int
    type: str
    state: str
    is_dry_run: bool
    done: int
    total: int
    batch: int | None
    plan: Mapping[str, Any]
    created: int
    updated: int
    skipped: int
    failed: int
    problems: Sequence[Mapping[str, Any]] = ()
    failures: Sequence[Mapping[str, Any]] = ()
    is_checked: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself: it has ended, or the dry run has."""
        return self.state in ("done", "stopped", "failed") or (self.is_dry_run and self.is_checked)


@dataclass(frozen=True)
class Export:
    """How far an export is."""

    id: int
    type: str
    state: str
    count: int
    total: int
    file: str | None = None

    @property
    def is_over(self) -> bool:
        return self.state != "running"
