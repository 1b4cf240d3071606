"""Whether what records link to is there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from kariz.core import doctor, records, registry
from kariz.core.doctor import Finding, Unrepairable
from kariz.core.fields import Field
from kariz.core.models import Link
from kariz.core.registry import RecordType


@doctor.look
def lost_links() -> Iterator[Finding]:
    links = Link.objects.all()
    lost = doctor.orphans(links, "record_type", "record_id") | doctor.orphans(
        links, "target_type", "target_id"
    )
    if count := lost.count():
        message = f"{count} links lead to or from records that are gone."
        yield Finding("lost_links", message, count, lost.delete)


@doctor.look
def lost_targets() -> Iterator[Finding]:
    """Fields whose record is gone: custom ones, which no database looks after, and columns it did not look after."""
    for record_type in registry.every():
        for field in record_type.all_fields.values():
            is_one = field.target in doctor.models() and field.type.name != "links"
            if is_one and (count := _dangling(record_type, field).count()):
                message = f"{count} {record_type.name} records have a {field.name} that is gone."
                yield Finding("lost_targets", message, count, partial(_let_go, record_type, field))


def _dangling(record_type: RecordType, field: Field) -> QuerySet[Any]:
    target = doctor.models()[field.target].objects.filter(pk=OuterRef("named"))
    found: QuerySet[Any] = record_type.model.objects.alias(named=field.expression)
    return found.filter(~Exists(target), named__isnull=False).order_by("pk")


def _let_go(record_type: RecordType, field: Field) -> None:
    """Empty the field, as a change that stands in the history."""
    if not field.is_custom and not field.is_nullable:
        raise Unrepairable(f"Every {record_type.name} needs its {field.name}: restore a backup.")
    batch = records.batch_of("repair", None)
    while chunk := list(_dangling(record_type, field)[: doctor.AT_ONCE]):
        rows = [(record, {field.name: None}) for record in chunk]
        drafts = records.save_many(record_type, rows, user=None, batch=batch, is_trusted=True, is_stored=True)
        if not any(draft.changes for draft in drafts):
            raise Unrepairable(f"The {field.name} of {record_type.name} records cannot be emptied.")
