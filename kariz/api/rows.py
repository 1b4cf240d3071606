"""Records as JSON: `id`, `version`, and each field's value as the change log keeps it; linked records where wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.api.problems import bad_query
from kariz.core import access, links, records, registry

if TYPE_CHECKING:
    from kariz.api.endpoints import Call
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

Row = dict[str, Any]
EXPANDED = "_expanded"


@dataclass(frozen=True)
class Rows:
    """Writes the records of one type. `fields` are those to write, `expanded` the links whose records come along."""

    call: Call
    record_type: RecordType
    fields: tuple[Field, ...]
    expanded: tuple[Field, ...] = ()

    @property
    def columns(self) -> set[str]:
        """The columns that writing needs, for light records."""
        every = {field.name: field for field in (*self.fields, *self.expanded)}.values()
        named = {"custom" if one.is_custom else one.attribute for one in every if one.type.name != "links"}
        return {"version", *named}

    def of(self, found: Sequence[Any]) -> list[Row]:
        """The records as rows: a query for links, and one for each type of linked records, whatever their number."""
        linking = [one.name for one in (*self.fields, *self.expanded) if one.type.name == "links"]
        links.load(self.record_type, found, linking)
        writers = [(field.name, _writer(field)) for field in self.fields]
        rows = [
            {"id": record.pk, "version": record.version} | {name: write(record) for name, write in writers}
            for record in found
        ]
        if self.expanded:
            known = _linked(self.call, self.expanded, found)
            for record, row in zip(found, rows, strict=True):
                row[EXPANDED] = {one.name: _expanded(one, record, known) for one in self.expanded}
        return rows

    def one(self, record: Any) -> Row:
        return self.of([record])[0]


def _writer(field: Field) -> Callable[[Any], Any]:
    store, get = field.type.store, field.get

    def write(record: Any) -> Any:
        value = get(record)
        return None if value is None else store(value)

    return write


def rows(call: Call, record_type: RecordType, names: Iterable[str] = (), expand: Iterable[str] = ()) -> Rows:
    """Of the fields that the caller may read: those named, all where none is. Raises a `Problem` for any other."""
    readable = access.readable(record_type, call.user) if call.may(record_type, "read") else {}
    wanted = dict.fromkeys(names)
    for name in wanted:
        if name not in readable:
            raise bad_query("fields", _("There is no field “%(name)s”.") % {"name": name})
    fields = [readable[name] for name in wanted] if wanted else list(readable.values())
    if any(one.type.name == "money" for one in fields) and "currency" in readable:
        fields = [*fields, readable["currency"]] if readable["currency"] not in fields else fields
    return Rows(
        call, record_type, tuple(fields), tuple(_expandable(readable, name) for name in dict.fromkeys(expand))
    )


def _expandable(readable: dict[str, Field], name: str) -> Field:
    if name not in readable or not readable[name].target:
        raise bad_query("expand", _("“%(name)s” links to no records.") % {"name": name})
    return readable[name]


def _ids(field: Field, record: Any) -> list[int]:
    value = field.get(record)
    return value if isinstance(value, list) else [value] if value else []


def _linked(call: Call, fields: Iterable[Field], found: Sequence[Any]) -> dict[tuple[str, int], Row]:
    """(type, id) → the linked records that the caller may see."""
    wanted: dict[str, set[int]] = {}
    for field in fields:
        wanted.setdefault(field.target, set()).update(pk for one in found for pk in _ids(field, one))
    known: dict[tuple[str, int], Row] = {}
    for target, ids in wanted.items():
        if target == "user":
            people = User.objects.filter(pk__in=ids)
            known |= {(target, one.pk): person(one) for one in people}
            continue
        record_type = registry.get(target)
        if call.may(record_type, "read"):
            there = list(records.visible(record_type, call.user).filter(pk__in=ids))
            known |= {(target, row["id"]): row for row in rows(call, record_type).of(there)}
    return known


def _expanded(field: Field, record: Any, known: dict[tuple[str, int], Row]) -> Any:
    found = [known[field.target, pk] for pk in _ids(field, record) if (field.target, pk) in known]
    if isinstance(field.get(record), list):
        return found
    return found[0] if found else None


def person(user: User) -> Row:
    return {"id": user.pk, "name": str(user), "is_active": user.is_active}


def title(record_type: RecordType, record: Any) -> str:
    return str(record_type.all_fields[record_type.title].get(record) or "")
