"""Who may see and change what: one answer for lists, counts, search, record pages and the two doors.

What somebody's roles grant is in `core.profiles`, whose records that comes to in `core.sight`, and in whose words it is
explained in `core.reasons`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet, Value

from kariz.core import registry, sight
from kariz.core.profiles import VERBS, readable, rights, writable
from kariz.core.sight import DELETE, READ, WRITE

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.models import Record
    from kariz.core.registry import RecordType

__all__ = [
    "DELETE", "READ", "VERBS", "WRITE", "Forbidden", "deletable_among", "editable", "may", "may_delete", "may_write",
    "readable", "seen_among", "sees_all", "visible", "writable", "writable_among",
]  # fmt: skip

Owners = Mapping[int, int | None]
"""Record id → owner id."""


class Forbidden(Exception):
    """The person may see the record but not do this with it."""


def may(record_type: RecordType, user: User | None, verb: str) -> bool:
    """Whether the user may do this with records of the type, with some of them at least. `verb` is one of `VERBS`."""
    return verb in rights(record_type, user).verbs


def visible(
    record_type: RecordType, user: User | None, queryset: QuerySet[Any] | None = None
) -> QuerySet[Any]:
    """Those of the type's records, or of the queryset's, that the user may see."""
    return _narrowed(record_type, user, READ, queryset)


def editable(
    record_type: RecordType, user: User | None, queryset: QuerySet[Any] | None = None
) -> QuerySet[Any]:
    """Those of the type's records, or of the queryset's, that the user may change."""
    return _narrowed(record_type, user, WRITE, queryset)


def _narrowed(
    record_type: RecordType, user: User | None, level: str, queryset: QuerySet[Any] | None
) -> QuerySet[Any]:
    found = record_type.model.objects.all() if queryset is None else queryset
    return sight.of(record_type, user, level).narrowed(found)


def sees_all(record_type: RecordType, user: User | None) -> bool:
    """Whether the user sees every record of the type."""
    return sight.of(record_type, user).is_everything


def seen_among(wanted: Mapping[str, Owners], user: User | None, level: str = READ) -> set[tuple[str, int]]:
    """Of records of several types, named by type, id and owner, those that the user sees: (type, id).

    At most one query, and none where the owners decide.
    """
    found: set[tuple[str, int]] = set()
    asked: dict[str, list[int]] = {}
    for name, owners in wanted.items():
        seen = sight.of(registry.get(name), user, level)
        for pk, owner in owners.items():
            is_held = seen.holds(pk, owner)
            if is_held:
                found.add((name, pk))
            elif is_held is None:
                asked.setdefault(name, []).append(pk)
    return found | _found(asked, user, level) if asked else found


def _found(asked: Mapping[str, list[int]], user: User | None, level: str) -> set[tuple[str, int]]:
    names = list(asked)
    parts: list[QuerySet[Any, Any]] = []
    for number, name in enumerate(names):
        record_type = registry.get(name)
        rows = record_type.model.objects.filter(pk__in=asked[name])
        seen = sight.of(record_type, user, level).narrowed(rows).order_by()
        parts.append(seen.annotate(part=Value(number)).values_list("part", "pk"))
    first, *others = parts
    rows = first.union(*others, all=True) if others else first
    return {(names[number], pk) for number, pk in rows}


def _among(record_type: RecordType, user: User | None, records: Iterable[Record], level: str) -> set[int]:
    owners = {record.pk: record.owner_id for record in records}
    return {pk for _name, pk in seen_among({record_type.name: owners}, user, level)} if owners else set()


def writable_among(record_type: RecordType, user: User | None, records: Iterable[Record]) -> set[int]:
    """The ids of those of the records that the user may change. At most one query, none where the owner decides."""
    return _among(record_type, user, records, WRITE)


def deletable_among(record_type: RecordType, user: User | None, records: Iterable[Record]) -> set[int]:
    """The ids of those of the records that the user may delete. At most one query, mostly none."""
    return _among(record_type, user, records, DELETE)


def may_write(record_type: RecordType, user: User | None, record: Record) -> bool:
    """Whether the user may change this record; of several, ask `writable_among`."""
    return bool(writable_among(record_type, user, [record]))


def may_delete(record_type: RecordType, user: User | None, record: Record) -> bool:
    """Whether the user may delete this record; of several, ask `deletable_among`."""
    return bool(deletable_among(record_type, user, [record]))
