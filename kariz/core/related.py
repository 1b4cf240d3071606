"""The records that belong to a record: those in its own fields of several links, and those whose fields point at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Subquery, Value

from kariz.core import access, links, records, registry, seen
from kariz.core.models import Link

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.models import Record
    from kariz.core.registry import RecordType

MOST_COLUMNS = 5


@dataclass(frozen=True)
class Relation:
    """One list of related records. `field` belongs to the record itself where `is_own`, else to the related type."""

    name: str
    label: str
    record_type: RecordType
    field: Field
    is_own: bool

    @property
    def holds_several(self) -> bool:
        """Whether records join and leave the list by being linked."""
        return self.field.type.name == "links"

    @property
    def is_ours_to_fill(self) -> bool:
        """Whether a new record may be put on the list; what Kariz itself fills in, such as conversions, it may not."""
        return not self.is_own and not self.field.is_readonly

    @property
    def columns(self) -> list[Field]:
        """The title and the first columns of the related type, without the one that says the same in every row."""
        fields = self.record_type.fields
        names = dict.fromkeys((self.record_type.title, *self.record_type.columns))
        shown = [
            fields[name] for name in names if name in fields and (self.is_own or name != self.field.name)
        ]
        return shown[:MOST_COLUMNS]


def of(record_type: RecordType, user: User) -> list[Relation]:
    """Every list of a record page of this type, of the types that the user may read."""
    own = [
        Relation(field.name, str(field.label), seen.get(field.target, user), field, is_own=True)
        for field in record_type.fields.values()
        if field.type.name == "links"
    ]
    readable = {one.name: one for one in seen.every(user)}
    pointing = [
        (readable[other.name], readable[other.name].fields[field.name])
        for other, field in links.pointing_at(record_type)
        if other.name in readable and field.name in readable[other.name].fields
    ]
    towards = [
        Relation(f"{other.name}-{field.name}", _label(other, field, pointing), other, field, is_own=False)
        for other, field in pointing
    ]
    return [one for one in own + towards if access.may(one.record_type, user, "read")]


def _label(other: RecordType, field: Field, pointing: Sequence[tuple[RecordType, Field]]) -> str:
    """The type's plural; with the field's label where several fields of the type point here."""
    is_only = sum(one == other for one, _field in pointing) == 1
    return str(other.plural) if is_only else f"{other.plural} · {field.label}"


def listed(relation: Relation, record: Record, user: User) -> QuerySet[Any]:
    """The related records that the user may see."""
    if relation.is_own:
        held = Link.objects.filter(
            record_type=relation.field.record_type, field=relation.field.name, record_id=record.pk
        )
        return records.visible(relation.record_type, user).filter(pk__in=held.values("target_id"))
    return records.visible(relation.record_type, user, where=condition(relation, record))


def condition(relation: Relation, record: Record) -> list[Any]:
    """The leaf that only records of this list satisfy, for a relation that is not `is_own`."""
    return [
        relation.field.name,
        "links_any" if relation.holds_several else "is",
        [record.pk] if relation.holds_several else record.pk,
    ]


def counts(relations: Iterable[Relation], record: Record, user: User) -> dict[str, int]:
    """How many records of each list the user may see, in one query."""
    shown = list(relations)
    if not shown:
        return {}
    columns = {f"number_{n}": _number(listed(one, record, user)) for n, one in enumerate(shown)}
    here = registry.of(record).model.objects.filter(pk=record.pk)
    [numbers] = here.annotate(**columns).values_list(*columns)
    return {one.name: number or 0 for one, number in zip(shown, numbers, strict=True)}


def _number(queryset: QuerySet[Any]) -> Subquery:
    every = queryset.order_by().annotate(whole=Value(1)).values("whole")
    return Subquery(every.annotate(number=Count("pk")).values("number"))
