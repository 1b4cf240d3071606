"""Rules about what is kept: what one would touch, what it leaves, and when it may run by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kariz import jobs
from kariz.core import choices, links, records, registry
from kariz.core.conditions import matching
from kariz.features.privacy.models import AnonymisedRecord, RetentionRule, RetentionRun

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

SAMPLE = 10
AT_ONCE = 200  # each is a term of a condition on notices
MOST_TIMES = 2  # the share of all records that was confirmed, so many times over
UNDOABLE = timedelta(days=30)


class Changed(Exception):
    """The records are not those that the person was shown; the message says what is different."""


@dataclass(frozen=True)
class DryRun:
    """What a run would do now: how many of how many, the first of them, and how many would be left, by reason."""

    count: int
    total: int
    sample: list[Any]
    left: dict[str, int]


def found(rule: RetentionRule) -> QuerySet[Any]:
    """The records that the rule means. Raises `BadCondition`."""
    record_type = registry.get(rule.record_type)
    before = AnonymisedRecord.objects.filter(record_type=rule.record_type, record_id=OuterRef("pk"))
    return records.visible(record_type, None, where=rule.where).exclude(Exists(before)).order_by("pk")


def try_out(rule: RetentionRule) -> DryRun:
    """Raises `BadCondition`."""
    record_type = registry.get(rule.record_type)
    sample: list[Any] = []
    left: dict[str, int] = defaultdict(int)
    count = 0
    for chunk in chunks(rule, 0):
        spared = spared_of(rule, record_type, chunk)
        for reason in spared.values():
            left[reason] += 1
        going = [one for one in chunk if one.pk not in spared]
        sample += going[: SAMPLE - len(sample)]
        count += len(going)
    return DryRun(count, record_type.model.objects.count(), sample, dict(left))


def chunks(rule: RetentionRule, reached: int) -> Iterable[list[Any]]:
    while chunk := list(found(rule).filter(pk__gt=reached)[:AT_ONCE]):
        yield chunk
        reached = chunk[-1].pk


def spared_of(rule: RetentionRule, record_type: RecordType, chunk: Sequence[Any]) -> dict[int, str]:
    """Those of the records that stay as they are, with the reason: locked ones, and those with an open deal."""
    spared: dict[int, str] = {}
    if record_type.locked and rule.way == RetentionRule.Way.DELETE:
        reason = _("It is locked.")
        spared = {one.pk: reason for one in chunk if getattr(one, record_type.locked)}
    if rule.spares_open:
        reason = _("Something open belongs to it.")
        spared |= dict.fromkeys(_with_open(record_type, [one.pk for one in chunk]), reason)
    return spared


def _with_open(record_type: RecordType, ids: Sequence[int]) -> set[int]:
    """The records that an open record of another type names, such as a deal that is not decided yet."""
    wanted, busy = set(ids), set()
    for other, field in links.pointing_at(record_type):
        if not other.path or other is record_type:
            continue
        operator = "links_any" if field.type.name == "links" else "one_of"
        held = matching(other.model.objects.all(), other, [field.name, operator, list(ids)], None)
        holding = [one for one in held if _is_open(other, one)]
        links.load(other, holding, [field.name])
        busy |= {pk for one in holding for pk in _ids(field, one)} & wanted
    return busy


def _ids(field: Field, record: Any) -> list[int]:
    value = field.get(record)
    return value if isinstance(value, list) else [value] if value else []


def _is_open(record_type: RecordType, record: Any) -> bool:
    path = record_type.all_fields[record_type.path]
    group = record_type.all_fields[path.group].get(record) if path.group else None
    stage = choices.find(record_type.name, path.name, path.get(record), group)
    return stage is not None and stage.outcome in ("", "held")


# Confirming and running


def confirm(rule: RetentionRule, count: int, user: User) -> RetentionRun:
    """Switch a rule on as a person who has seen the dry run says, and run it. Raises `Changed`."""
    now = try_out(rule)
    if now.count != count:
        raise Changed(_("There are other records now. Look at the dry run again."))
    rule.is_on = True
    rule.confirmed_count, rule.confirmed_total = now.count, now.total
    rule.confirmed_by, rule.confirmed_at = user, timezone.now()
    rule.save()
    return start(rule, user)


@transaction.atomic
def start(rule: RetentionRule, user: User | None) -> RetentionRun:
    """Hand a run to a worker; one that is under way is gone on with."""
    run = rule.runs.filter(state=RetentionRun.State.RUNNING).first() or RetentionRun(
        rule=rule, name=rule.name, record_type=rule.record_type, way=rule.way
    )
    run.save()
    run.job = jobs.enqueue("run_retention", user=user, unique_key=f"retention {run.pk}", run=run.pk)
    run.save(update_fields=["job"])
    RetentionRule.objects.filter(pk=rule.pk).update(last_run_at=timezone.now())
    return run


def is_too_much(rule: RetentionRule, now: DryRun) -> bool:
    """Whether a run would touch more than twice the share of all records that a person has agreed to."""
    if rule.confirmed_count is None or not rule.confirmed_total:
        return now.count > 0
    return now.count * rule.confirmed_total > MOST_TIMES * rule.confirmed_count * max(now.total, 1)


def due() -> list[RetentionRule]:
    now = timezone.now()
    return [
        rule
        for rule in RetentionRule.objects.filter(is_on=True)
        if rule.last_run_at is None or rule.last_run_at + timedelta(days=rule.every_days) <= now
    ]
