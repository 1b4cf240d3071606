"""The jobs of the retention rules: a run in chunks that goes on after a crash, and making deletions final."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from kariz import jobs, notices
from kariz.accounts import company
from kariz.accounts.people import administrators
from kariz.core import changes, records, registry
from kariz.core.conditions import BadCondition
from kariz.core.erasing import Held
from kariz.core.models import Change, ChangeBatch
from kariz.core.records import Invalid
from kariz.features.privacy import retention
from kariz.features.privacy.erasing import Order, carry_out
from kariz.features.privacy.models import Erasure, RetentionRule, RetentionRun
from kariz.features.privacy.retention import AT_ONCE

State, Way = RetentionRun.State, RetentionRule.Way
LISTED = 50
STOPPED = gettext_noop(
    "The retention rule “%(name)s” would touch %(count)s records, more than twice the share that was confirmed. It was"
    " stopped and waits to be confirmed anew."
)
BROKEN = gettext_noop(
    "The retention rule “%(name)s” asks for something that is not there any more, and was stopped."
)


@jobs.task("run_due_retention")
def run_due(job: Any) -> None:
    for rule in retention.due():
        retention.start(rule, None)


@jobs.task("run_retention")
def run_retention(job: Any, run: int) -> dict[str, int]:
    company.forget()
    found = RetentionRun.objects.select_related("rule", "batch").get(pk=run)
    rule = found.rule
    if rule and found.state == State.RUNNING and (found.batch_id or _may_begin(found, rule)):
        _begin(found)
        _go_through(found, rule, job)
    return {"done": found.done_count, "left": found.left_count}


def _may_begin(run: RetentionRun, rule: RetentionRule) -> bool:
    """Look first: a rule that would touch far more than a person has seen does nothing."""
    try:
        now = retention.try_out(rule)
    except BadCondition:
        _stop(run, rule, BROKEN, {"name": run.name})
        return False
    run.found_count = now.count
    if retention.is_too_much(rule, now):
        _stop(run, rule, STOPPED, {"name": run.name, "count": now.count})
        return False
    return True


def _stop(run: RetentionRun, rule: RetentionRule, text: str, params: dict[str, Any]) -> None:
    with transaction.atomic():
        run.state, run.finished_at = State.STOPPED, timezone.now()
        run.save()
        RetentionRule.objects.filter(pk=rule.pk).update(is_on=False)
        notices.tell(
            administrators(),
            text,
            params=params,
            url=f"/settings/privacy/retention/{rule.pk}/",
            kind="retention",
            key=f"retention {run.pk}",
        )


def _begin(run: RetentionRun) -> None:
    if run.batch is None:
        kind = changes.ERASURE if run.way == Way.ANONYMISE else "retention"
        run.batch = records.batch_of(kind, None, run.name)
        run.save(update_fields=["batch", "found_count"])


def _go_through(run: RetentionRun, rule: RetentionRule, job: Any) -> None:
    """Each chunk is one transaction, together with how far the run has come; a rule that is off goes no further."""
    for chunk in retention.chunks(rule, run.reached):
        if not RetentionRule.objects.filter(pk=rule.pk, is_on=True).exists():
            _end(run, State.STOPPED)
            return
        with transaction.atomic():
            if not RetentionRun.objects.select_for_update().filter(pk=run.pk, reached=run.reached):
                raise jobs.Cancelled  # another process has gone through these meanwhile
            _take(run, rule, chunk)
            run.reached = chunk[-1].pk
            run.save(update_fields=["reached", "done_count", "left_count", "left"])
        job.progress(run.done_count, run.found_count)
    _end(run, State.DONE)


def _end(run: RetentionRun, state: str) -> None:
    run.state, run.finished_at = state, timezone.now()
    run.save(update_fields=["state", "finished_at"])


def _take(run: RetentionRun, rule: RetentionRule, chunk: list[Any]) -> None:
    record_type = registry.get(run.record_type)
    spared = retention.spared_of(rule, record_type, chunk)
    for pk, reason in spared.items():
        _leave(run, pk, reason)
    going = [one for one in chunk if one.pk not in spared]
    if going and run.batch:
        _try(run, run.batch, going)


def _try(run: RetentionRun, batch: ChangeBatch, going: list[Any]) -> None:
    """All together; where one cannot be, one after the other."""
    try:
        with transaction.atomic():
            _do(run, batch, going)
    except (Invalid, Held) as error:
        if len(going) == 1:
            _leave(run, going[0].pk, str(error))
            return
        for one in going:
            _try(run, batch, [one])
    else:
        run.done_count += len(going)


def _do(run: RetentionRun, batch: ChangeBatch, going: list[Any]) -> None:
    record_type = registry.get(run.record_type)
    if run.way == Way.DELETE:
        records.delete(record_type, going, user=None, batch=batch)
        return
    ids = [one.pk for one in going]
    order = Order({record_type.name: ids}, Erasure.Way.ANONYMISED, Erasure.AskedBy.RULE, run.name)
    carry_out(order, None, batch=batch)


def _leave(run: RetentionRun, pk: int, reason: str) -> None:
    run.left_count += 1
    if len(run.left) < LISTED:
        run.left = [*run.left, [pk, reason]]


@jobs.task("settle_retention")
def settle(job: Any) -> int:
    """Erase what is left in the history of records that a rule has deleted, when nobody may undo that any more."""
    ended = timezone.now() - retention.UNDOABLE
    waiting = RetentionRun.objects.filter(way=Way.DELETE, settled_at=None, finished_at__lt=ended)
    count = 0
    for run in waiting.exclude(batch=None).select_related("batch"):
        count += _settle(run)
        job.progress(count)
    return count


def _settle(run: RetentionRun) -> int:
    batch, record_type = run.batch, registry.get(run.record_type)
    if batch is None:
        return 0
    deleted = Change.objects.filter(batch=batch, record_type=record_type.name, kind=Change.Kind.DELETED)
    ids = list(deleted.order_by("record_id").values_list("record_id", flat=True))
    there = set(record_type.model.objects.filter(pk__in=ids).values_list("pk", flat=True))
    gone = [pk for pk in ids if pk not in there]
    for start in range(0, len(gone), AT_ONCE):
        order = Order(
            {record_type.name: gone[start : start + AT_ONCE]},
            Erasure.Way.ERASED,
            Erasure.AskedBy.RULE,
            run.name,
        )
        carry_out(order, None, batch=batch)
    ChangeBatch.objects.filter(pk=batch.pk).update(kind=changes.ERASURE)
    RetentionRun.objects.filter(pk=run.pk).update(settled_at=timezone.now())
    return len(gone)


jobs.schedule("run_due_retention", every=timedelta(hours=1))
jobs.schedule("settle_retention", every=timedelta(days=1))
