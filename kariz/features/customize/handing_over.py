"""Giving somebody's open records to somebody else, as one batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from kariz import jobs, notices
from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.accounts.models import User
from kariz.core import choices, records, registry
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType
from kariz.web import bulk
from kariz.web.bulk import Order

TASK = "hand_over_records"


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


@dataclass(frozen=True)
class HandedOver:
    """What became of it: done here or by a job; how many records were left, and where all of it can be undone."""

    is_later: bool
    left: int
    undo_url: str


def hand_over(owner: User, to: User, by: User) -> HandedOver | None:
    """Change the owner of all of them as one batch, by one job where nobody would wait. None: there were none."""
    total = sum(count for _type, count in counts(owner))
    if not total:
        return None
    batch = records.batch_of("bulk edit", by, str(owner))
    if total > bulk.DIRECTLY:
        jobs.enqueue(TASK, user=by, owner=owner.pk, to=to.pk, by=by.pk, batch=batch.pk)
        return HandedOver(is_later=True, left=0, undo_url="")
    done, left = _carry_out(owner, to, by, batch)
    return HandedOver(
        is_later=False, left=left, undo_url=reverse("web:undo", args=[batch.pk]) if done else ""
    )


@jobs.task(TASK)
def hand_over_records(job: Any, *, owner: int, to: int, by: int, batch: int) -> None:
    """What the page did not wait for. Run again, it goes on with what is still the owner's."""
    told = User.objects.get(pk=by)
    with locale.use(Locale.of(told)):
        theirs = User.objects.get(pk=owner), User.objects.get(pk=to)
        done, left = _carry_out(*theirs, told, ChangeBatch.objects.get(pk=batch), job.progress)
    notices.tell(
        [told],
        gettext_noop("%(done)s records were changed, %(left)s were left as they are."),
        params={"done": done, "left": left},
        url=reverse("web:batch", args=[batch]),
    )


def _carry_out(
    owner: User, to: User, by: User, batch: ChangeBatch, progress: bulk.Progress = lambda done, total: None
) -> tuple[int, int]:
    """How many records were changed and left, of all types."""
    found = [
        (one, list(open_records(one, owner).values_list("pk", flat=True))) for one, _count in counts(owner)
    ]
    total, before, done, left = sum(len(ids) for _type, ids in found), 0, 0, 0
    for record_type, ids in found:
        order = Order(record_type.name, "edit", by.pk, batch.pk, ids, {"owner": to.pk})
        outcome = bulk.carry_out(order, lambda at, _of, start=before: progress(start + at, total))  # type: ignore[misc]
        before, done, left = before + len(ids), done + outcome.done, left + outcome.left_count
    return done, left
