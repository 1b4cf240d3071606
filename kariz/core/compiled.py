"""What writing a record needs to know of its type, worked out once a revision instead of once a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models.base import ModelState

from kariz.accounts.revision import by_revision
from kariz.core import choices, registry
from kariz.core.bulk import Reader
from kariz.core.fieldtypes import FieldType

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.models import Record
    from kariz.core.registry import RecordType

SEARCHED_CUSTOM = ("text", "email", "phone", "url")


@dataclass(frozen=True)
class Compiled:
    """The fields of a type, sorted by what is to be done with them. Each group keeps the order of the type."""

    fields: dict[str, Field]
    names: tuple[str, ...]
    read: Reader
    """The values of the shipped fields, which are called `names`."""
    stores: tuple[tuple[str, Callable[[Any], Any]], ...]
    """The shipped fields whose value is stored as something else than it is."""
    customs: tuple[Field, ...]
    linking: dict[str, Field]
    with_default: tuple[Field, ...]
    grouped: tuple[Field, ...]
    checked: tuple[Field, ...]
    expected: tuple[Field, ...]
    searched: tuple[tuple[Field, bool], ...]
    """The fields in the search row, and whether each is a phone number."""

    constants: dict[str, Any]
    """What a new record holds in the columns in which every new record holds the same."""
    makers: tuple[tuple[str, Callable[[], Any]], ...]
    """What makes the values of its other columns."""

    def stored(self, record: Record) -> dict[str, Any]:
        """Every field's value as the change log keeps it."""
        found = dict(zip(self.names, self.read(record), strict=True))
        for name, store in self.stores:
            value = found[name]
            if value is not None:
                found[name] = store(value)
        for field in self.customs:
            found[field.name] = field.type.store(field.get(record))
        return found


def blank(record_type: RecordType) -> Any:
    """A new record, made as unpickling makes one: `model()` would look up what is the same for all, 100 times."""
    model, plan = record_type.model, of(record_type)
    record = model.__new__(model)
    record._state = ModelState()
    record.__dict__.update(plan.constants)
    for name, make in plan.makers:
        record.__dict__[name] = make()
    return record


def of(record_type: RecordType) -> Compiled:
    return _every()[record_type.name]


@by_revision
def _every() -> dict[str, Compiled]:
    return {record_type.name: _compile(record_type) for record_type in registry.every()}


def _compile(record_type: RecordType) -> Compiled:
    fields = record_type.all_fields
    every = tuple(fields.values())
    shipped = [field for field in every if not field.is_custom]
    columns = record_type.model._meta.concrete_fields
    made = [one for one in columns if one.has_default() and callable(one.default)]
    customs = tuple(field for field in every if field.is_custom)
    searched = [*(fields[name] for name in record_type.search),
                *(field for field in customs if field.type.name in SEARCHED_CUSTOM)]  # fmt: skip
    return Compiled(
        fields=fields,
        names=tuple(field.name for field in shipped),
        read=Reader(*(field.attribute for field in shipped)),
        stores=tuple((field.name, field.type.store) for field in shipped if _is_converted(field)),
        customs=customs,
        linking={field.name: field for field in every if field.target},
        with_default=tuple(field for field in every if _may_have_default(field)),
        grouped=tuple(field for field in every if field.group),
        checked=tuple(field for field in every if field.is_required or field.group),
        expected=tuple(fields[name] for name in record_type.expected_fields if name in fields),
        searched=tuple((field, field.type.name == "phone") for field in searched),
        constants={one.attname: one.get_default() for one in columns if one not in made},
        makers=tuple((one.attname, one.default) for one in made),
    )


def _is_converted(field: Field) -> bool:
    return type(field.type).store is not FieldType.store


def _may_have_default(field: Field) -> bool:
    """Whether a new record may get a value that nobody gave; a choice's default may depend on its group."""
    if field.default is not None or field.name in ("owner", "currency"):
        return True
    is_choice = field.type.name == "choice"
    return is_choice and any(one.is_default for one in choices.of(field.record_type, field.name))
