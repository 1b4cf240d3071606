"""What there is: record types, their fields and choices, what can be done, how people look at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A record type: how it is called, and what the token may do with its records."""

    name: str
    label: str
    plural: str
    title: str
    may: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """`target` is the type that it links to, `depends_on` the field that decides which choices there are."""

    name: str
    label: str
    type: str
    help: str = ""
    is_required: bool = False
    is_readonly: bool = False
    is_custom: bool = False
    is_sortable: bool = False
    target: str | None = None
    depends_on: str | None = None
    operators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """A titled group of fields."""

    key: str
    label: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Relation:
    """A list of related records: those of `type` whose `field` links. `count` is that of one record."""

    name: str
    label: str
    type: str
    field: str
    count: int | None = None


@dataclass(frozen=True)
class Action:
    name: str
    label: str


@dataclass(frozen=True)
class Description(Kind):
    """A record type with its fields. `board` is the field of its boards, `totals` are what they sum."""

    fields: tuple[Field, ...]
    layout: tuple[Block, ...] = ()
    relations: tuple[Relation, ...] = ()
    actions: tuple[Action, ...] = ()
    columns: tuple[str, ...] = ()
    board: str | None = None
    totals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    group: str = ""
    outcome: str = ""
    is_default: bool = False


@dataclass(frozen=True)
class View:
    """A saved view: hand `where`, `sort` and `fields` to a list."""

    id: int
    name: str
    where: Any
    sort: str
    fields: tuple[str, ...]
    is_shared: bool = False
    is_mine: bool = False
    layout: str = "list"
