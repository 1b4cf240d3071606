"""Yes or no of a record, said by rows elsewhere: asked in conditions like a field, never stored or shown with it.

    @marks.register("possible_duplicates", _("Possible duplicate"))
    def in_open_group(record_type: RecordType) -> Exists | None:
        return Exists(DuplicateMember.objects.filter(record_type=record_type.name, record_id=OuterRef("pk")))

From then on `["possible_duplicates", "yes"]` is a condition of every type for which this is not None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists

from kariz.core.fields import Field
from kariz.core.fieldtypes import TYPES

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

Ask = Callable[["RecordType"], Exists | None]


@dataclass(frozen=True)
class Mark(Field):
    """A field whose value is an expression: of a yes/no field an `EXISTS`."""

    exists: Any = None

    @cached_property
    def expression(self) -> Any:
        return self.exists


_marks: dict[str, tuple[Any, Ask]] = {}


def register(name: str, label: Any) -> Callable[[Ask], Ask]:
    """Make a function of the record type a mark; None says that records of the type never have it."""

    def add(ask: Ask) -> Ask:
        _marks[name] = (label, ask)
        return ask

    return add


Several = Callable[["RecordType"], Iterable[Mark]]
_several: list[Several] = []


def register_several(function: Several) -> Several:
    """Register marks that differ from type to type, such as one of several words (see `choices.provide`)."""
    _several.append(function)
    return function


def of(record_type: RecordType) -> dict[str, Field]:
    """The marks that records of this type can have, by name."""
    found = ((name, label, ask(record_type)) for name, (label, ask) in _marks.items())
    plain: dict[str, Field] = {
        name: Mark(record_type.name, name, label, TYPES["yes_no"], is_readonly=True, exists=exists)
        for name, label, exists in found
        if exists is not None
    }
    return plain | {mark.name: mark for several in _several for mark in several(record_type)}
