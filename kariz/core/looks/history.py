"""Whether the history tells of every record how it ended, and what belongs to records has one that it belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from kariz.core import attached, doctor, records, registry
from kariz.core.attached import Attached
from kariz.core.doctor import Finding
from kariz.core.models import Change
from kariz.core.registry import RecordType


@doctor.look
def lost_records() -> Iterator[Finding]:
    """Records that went without the doors: their deletion is written down, so that it can be undone."""
    for record_type in registry.every():
        if count := _vanished(record_type).count():
            message = f"{count} {record_type.name} records have gone without a trace in their history."
            yield Finding("lost_records", message, count, partial(_note_deletions, record_type))


def _vanished(record_type: RecordType) -> QuerySet[Any]:
    """The ids of records of which the history tells, but not of their end."""
    there = record_type.model.objects.filter(pk=OuterRef("record_id"))
    told = Change.objects.filter(record_type=record_type.name)
    ended = told.filter(record_id=OuterRef("record_id"), id__gte=OuterRef("id"), kind=Change.Kind.DELETED)
    ids: QuerySet[Any] = told.filter(~Exists(there), ~Exists(ended)).values_list("record_id", flat=True)
    return ids.distinct().order_by("record_id")


def _note_deletions(record_type: RecordType) -> None:
    batch = records.batch_of("repair", None)
    while ids := list(_vanished(record_type)[: doctor.AT_ONCE]):
        with transaction.atomic():
            states, versions = _last_states(record_type, ids)
            Change.objects.bulk_create(
                Change(
                    batch=batch,
                    record_type=record_type.name,
                    record_id=pk,
                    version=versions[pk] + 1,
                    kind=Change.Kind.DELETED,
                    values={
                        name: [value, None]
                        for name, value in states[pk].items()
                        if value not in (None, "", [])
                    },
                    at=timezone.now(),
                    is_delivered=True,
                )
                for pk in ids
            )


def _last_states(
    record_type: RecordType, ids: Iterable[int]
) -> tuple[dict[int, dict[str, Any]], dict[int, int]]:
    """What each record was in the end, as far as its history tells, and its version."""
    states: dict[int, dict[str, Any]] = defaultdict(dict)
    told = Change.objects.filter(record_type=record_type.name, record_id__in=ids).order_by("id")
    for change in told.iterator():
        states[change.record_id] |= {name: new for name, (_old, new) in change.values.items()}
    versions = told.order_by().values("record_id").annotate(last=Max("version"))
    return states, {row["record_id"]: row["last"] for row in versions}


@doctor.look
def lost_attachments() -> Iterator[Finding]:
    """Comments and the like of records that are not there and that no undo can bring back."""
    for one in attached.every():
        lost = _without_record(one)
        if count := lost.count():
            message = f"{count} rows of {one.name} belong to records that are gone."
            yield Finding("lost_attachments", message, count, lost.delete)


def _without_record(one: Attached) -> QuerySet[Any]:
    told = Change.objects.filter(record_type=OuterRef("record_type"), record_id=OuterRef("record_id"))
    rows = one.model._default_manager.filter(record_id__isnull=False)
    return doctor.orphans(rows, "record_type", "record_id").filter(~Exists(told))
