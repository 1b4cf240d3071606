"""Writes invented records through the writing door and gives each the past it would have had by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from kariz.core import records
from kariz.core.drafts import Draft
from kariz.core.models import Change, ChangeBatch
from kariz.core.registry import RecordType

AT_ONCE = 1000
Path = list[tuple[datetime, dict[str, Any]]]


@dataclass
class Invented:
    """A record to be. `values` are as its model holds them; `given` are stored values that its type would else set.

    `path` tells the moments at which it changed, oldest first, each with its values; the first is its making.
    """

    values: dict[str, Any]
    made_at: datetime
    given: dict[str, Any] = field(default_factory=dict)
    path: Path = field(default_factory=list)

    @property
    def changed_at(self) -> datetime:
        return self.path[-1][0] if self.path else self.made_at


@transaction.atomic
def write(record_type: RecordType, invented: Sequence[Invented]) -> list[Any]:
    """The written records, in the order of `invented`."""
    rows = [(_record(record_type, one), one.given) for one in invented]
    drafts, batch = _save(record_type, rows)
    made = batch.changes.order_by("id")
    told = [
        change for new, one in zip(made, invented, strict=True) for change in _changes(record_type, new, one)
    ]
    _tell(record_type, batch, told)
    return [draft.record for draft in drafts]


@transaction.atomic
def amend(record_type: RecordType, rows: Sequence[tuple[Any, dict[str, Any], datetime]], kind: str) -> None:
    """Change written records (record, stored values, moment)."""
    _drafts, batch = _save(record_type, [(record, values) for record, values, _at in rows])
    moments = {record.pk: (record, at) for record, _values, at in rows}
    told = []
    for change in batch.changes.order_by("id"):
        record, at = moments[change.record_id]
        told.append(_change(change, change.values, at, record.owner_id, kind=kind, version=change.version))
    _tell(record_type, batch, told)


def _save(record_type: RecordType, rows: list[tuple[Any, dict[str, Any]]]) -> tuple[list[Draft], ChangeBatch]:
    batch = records.batch_of("demo", None)
    drafts = records.save_many(record_type, rows, user=None, batch=batch, is_trusted=True, is_stored=True)
    refused = next((draft.errors for draft in drafts if draft.errors), None)
    if refused:
        raise ValueError(refused)
    return drafts, batch


def _record(record_type: RecordType, one: Invented) -> Any:
    return record_type.model(
        created_at=one.made_at,
        created_by_id=one.values.get("owner_id"),
        version=max(0, len(one.path) - 1),
        rank=one.changed_at.timestamp(),
        **one.values,
    )


def _tell(record_type: RecordType, batch: ChangeBatch, told: Sequence[Change]) -> None:
    """Put in the place of `batch`, which did everything now, one batch for each change at its own time."""
    ChangeBatch.objects.bulk_create([change.batch for change in told], batch_size=AT_ONCE)
    batch.changes.all().delete()
    batch.delete()
    Change.objects.bulk_create(told, batch_size=AT_ONCE)
    last = Change.objects.filter(record_type=record_type.name, record_id=OuterRef("pk")).order_by("-id")
    ids = {change.record_id for change in told}
    record_type.model.objects.filter(pk__in=ids).update(updated_at=Subquery(last.values("at")[:1]))


def _changes(record_type: RecordType, made: Change, one: Invented) -> list[Change]:
    """The making with the values of that time, then a change for each later step."""
    fields, owner = record_type.all_fields, one.values.get("owner_id")
    steps = [
        (at, {name: fields[name].type.store(value) for name, value in step.items()}) for at, step in one.path
    ]
    later = {name for _at, step in steps[1:] for name in step}
    now = dict(steps[0][1]) if steps else {}
    values = {name: change for name, change in made.values.items() if name not in later}
    values |= {name: [None, value] for name, value in now.items()}
    changes = [_change(made, values, one.made_at, owner, kind="create")]
    for version, (at, step) in enumerate(steps[1:], start=2):
        differing = {name: [now.get(name), value] for name, value in step.items() if now.get(name) != value}
        now |= step
        changes.append(_change(made, differing, at, owner, kind="edit", version=version))
    return changes


def _change(
    done: Change, values: dict[str, Any], at: datetime, owner: int | None, *, kind: str, version: int = 1
) -> Change:
    """`done` as if it had been done then. Consumers need not hear of it: it counts as delivered."""
    return Change(
        batch=ChangeBatch(kind=kind, user_id=owner, started_at=at),
        record_type=done.record_type,
        record_id=done.record_id,
        version=version,
        kind=Change.Kind.CREATED if kind == "create" else Change.Kind.UPDATED,
        at=at,
        values=values,
        is_delivered=True,
    )
