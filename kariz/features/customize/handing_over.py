"""Giving somebody's open records to somebody else, as one batch."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db.models import Q, QuerySet

from kariz import jobs
from kariz.accounts.models import User
from kariz.core import choices, records, registry
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType
from kariz.web import bulk
from kariz.web.bulk import Order


def open_records(record_type: RecordType, owner: User) -> QuerySet[Any]:
    """What somebody is responsible for and still has to do with: not locked, and not at the end of its path."""
    found = records.visible(record_type, None, where=["owner", "is", owner.pk])
    if record_type.locked:
        found = found.filter(**{record_type.locked: False})
    if record_type.path:
        ended = Q(pk__in=())
        for stage in choices.of(record_type.name, record_type.path, hidden=True):
            if stage.outcome in ("won", "lost"):
                group = {record_type.all_fields[record_type.path].group: stage.group} if stage.group else {}
                ended |= Q(**{record_type.path: stage.key, **group})
        found = found.exclude(ended)
    return found.order_by("pk")


def counts(owner: User) -> list[tuple[RecordType, int]]:
    """How many open records somebody has, of each type of which there are some."""
    found = [(record_type, open_records(record_type, owner).count()) for record_type in registry.every()]
    return [(record_type, count) for record_type, count in found if count]


def hand_over(owner: User, to: User, by: User) -> ChangeBatch:
    """Change the owner of all of them, at once or, where they are many, by jobs that tell when they are done."""
    batch = records.batch_of("bulk edit", by, str(owner))
    for record_type, count in counts(owner):
        ids = list(open_records(record_type, owner).values_list("pk", flat=True))
        order = Order(record_type.name, "edit", by.pk, batch.pk, ids, {"owner": to.pk})
        if count > bulk.DIRECTLY:
            jobs.enqueue("change_many", user=by, **asdict(order))
        else:
            bulk.carry_out(order)
    return batch
