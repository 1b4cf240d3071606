"""What happened to records, and how a batch is taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz import audit
from kariz.core import access, erasing, links, records, registry
from kariz.core.access import Forbidden
from kariz.core.models import Change, ChangeBatch

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType

AT_ONCE = 1000
ERASURE = "erasure"  # the kind of the batches that nobody takes back

audit.group("undo", gettext_lazy("Undo"))
audit.kind("undo.others", gettext_lazy("Somebody else's changes undone"))

Follow = Callable[[ChangeBatch], None]
_follow_ups: list[Follow] = []


def on_undo(follow: Follow) -> Follow:
    """Register what else an undo takes back: called with the batch, after its records, in the same transaction."""
    _follow_ups.append(follow)
    return follow


@dataclass
class Kept:
    """A change that undo left alone, because somebody has changed the same thing since."""

    record_type: str
    record_id: int
    fields: list[str]


@dataclass
class Undone:
    """What an undo did: how many records it restored, and what it left as it is."""

    batch: ChangeBatch
    restored: int = 0
    kept: list[Kept] = field(default_factory=list)


def history(record_type: RecordType, record_id: int, absorbed: Iterable[int] = ()) -> QuerySet[Change]:
    """Every change of one record, and of those that have become part of it, newest first."""
    ids = {"record_id__in": [record_id, *absorbed]} if absorbed else {"record_id": record_id}
    found = Change.objects.filter(record_type=record_type.name, **ids)
    return found.select_related("batch__user").order_by("-id")


def may_undo(batch: ChangeBatch, user: User) -> bool:
    """Whether this batch is among those that `user` may take back."""
    return batch.pk in undoable([batch], user)


def undoable(batches: Iterable[ChangeBatch], user: User) -> set[int]:
    """The ids of those that `user` may take back: one's own; all, for administrators; others', by the right to.

    Nobody takes back an erasure.
    That right is given by type: it must be there for every type that the batch has changed. One query at most.
    """
    listed = {batch.pk: batch for batch in batches if batch.kind not in ("undo", ERASURE)}
    if user.is_administrator:
        return set(listed)
    own = {pk for pk, batch in listed.items() if batch.user_id == user.pk}
    types = {one.name for one in registry.every() if access.may(one, user, "undo_others")}
    others = listed.keys() - own
    if not types or not others:
        return own
    changed = Change.objects.filter(batch__in=others).order_by().values_list("batch_id", "record_type")
    beyond = {pk for pk, name in changed.distinct() if name not in types}
    return own | (others - beyond)


@transaction.atomic
def undo(batch: ChangeBatch, user: User) -> Undone:
    """Take a batch back as another batch. Raises `Forbidden`; what others changed since is kept and listed.

    All of it is one transaction: for very many changes there is `core.undoing`.
    """
    result = Undone(begin(batch, user))
    last = None
    while chunk := before(batch, last):
        last = chunk[-1].pk
        take_back(chunk, result)
    follow_up(batch)
    return result


def begin(batch: ChangeBatch, user: User) -> ChangeBatch:
    """The batch that will take `batch` back; there is one at most. For use in a transaction. Raises `Forbidden`."""
    batch = ChangeBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.kind == ERASURE:
        raise Forbidden(_("An erasure cannot be undone: nothing of what was erased is kept."))
    if not may_undo(batch, user):
        raise Forbidden(_("You may only undo your own changes."))
    if not _may_change_all(batch, user):
        raise Forbidden(_("This has changed records that you may not change."))
    if batch.undone_by.exists():
        raise Forbidden(_("This has been undone already."))
    if batch.user_id != user.pk:
        audit.note(
            "undo.others",
            user=user,
            about=("changebatch", batch.pk, batch.label),
            batch=batch.kind,
            whose=str(batch.user or ""),
            count=batch.changes.count(),
        )
    return ChangeBatch.objects.create(kind="undo", user=user, label=batch.label, undoes=batch)


def _may_change_all(batch: ChangeBatch, user: User) -> bool:
    """Whether others' changes are all of records that `user` may change; of those that are there still."""
    if user.is_administrator or batch.user_id == user.pk:
        return True
    for name in batch.changes.order_by().values_list("record_type", flat=True).distinct():
        record_type = registry.get(name)
        changed = batch.changes.filter(record_type=name).values("record_id")
        rows = record_type.model.objects.filter(pk__in=changed).order_by()
        if rows.exclude(pk__in=access.editable(record_type, user).order_by().values("pk")).exists():
            return False
    return True


def before(batch: ChangeBatch, last: int | None) -> list[Change]:
    """The newest changes of a batch, of those before the change `last`: a stretch that is taken back at one go."""
    changes = batch.changes.order_by("-id")
    return list((changes.filter(pk__lt=last) if last else changes)[:AT_ONCE])


def follow_up(batch: ChangeBatch) -> None:
    """Take back what else belongs to a batch, its changes having been taken back."""
    for follow in _follow_ups:
        follow(batch)


def take_back(chunk: list[Change], result: Undone) -> None:
    """Reverse one stretch of changes, newest first, in runs of the same kind and type."""
    user = result.batch.user
    run: list[Change] = []
    seen: set[int] = set()
    for change in chunk:
        fits = run and (change.kind, change.record_type) == (run[0].kind, run[0].record_type)
        if run and (not fits or change.record_id in seen):
            _reverse(run, result, user)
            run, seen = [], set()
        run.append(change)
        seen.add(change.record_id)
    _reverse(run, result, user)


def _reverse(run: list[Change], result: Undone, user: User | None) -> None:
    record_type = registry.get(run[0].record_type)
    reverse = {"created": _uncreate, "updated": _restore, "deleted": _recreate}[run[0].kind]
    reverse(record_type, run, result, user)


def _uncreate(record_type: RecordType, run: list[Change], result: Undone, user: User | None) -> None:
    ids = [change.record_id for change in run]
    later = _changed_since(record_type, run, result)
    current = record_type.model.objects.in_bulk([pk for pk in ids if pk not in later])
    result.kept += [Kept(record_type.name, pk, sorted(fields)) for pk, fields in later.items()]
    if current:
        records.delete(record_type, list(current.values()), user=None, batch=result.batch)
        result.restored += len(current)


def _changed_since(record_type: RecordType, run: list[Change], result: Undone) -> dict[int, set[str]]:
    """Record id → fields that other batches have changed since this one, undoings of this one aside."""
    first = min(change.pk for change in run)
    since = Change.objects.filter(
        record_type=record_type.name, record_id__in=[change.record_id for change in run], pk__gt=first
    ).exclude(batch__in=[run[0].batch_id, result.batch.pk])
    found: dict[int, set[str]] = defaultdict(set)
    for change in since:
        found[change.record_id].update(change.values)
    return found


def _restore(record_type: RecordType, run: list[Change], result: Undone, user: User | None) -> None:
    current = record_type.model.objects.in_bulk([change.record_id for change in run])
    links.load(record_type, list(current.values()))
    fields = record_type.all_fields
    rows = []
    for change in run:
        record = current.get(change.record_id)
        told = erasing.restorable(change.values)
        known = {name: pair for name, pair in told.items() if name in fields and not fields[name].formula}
        if record is None:
            result.kept.append(Kept(record_type.name, change.record_id, sorted(known)))
            continue
        erased = [name for name in change.values.keys() - told.keys() if name in fields]
        same = {
            name
            for name, (_old, new) in known.items()
            if fields[name].type.store(fields[name].get(record)) == new
        }
        if left := {*(known.keys() - same), *erased}:
            result.kept.append(Kept(record_type.name, change.record_id, sorted(left)))
        if same:
            rows.append((record, {name: known[name][0] for name in same}))
    _write(record_type, rows, result, user)


def _recreate(record_type: RecordType, run: list[Change], result: Undone, user: User | None) -> None:
    rows: list[tuple[Any, dict[str, Any]]] = []
    empty = _empty_columns(record_type)
    for change in run:
        if erasing.is_final(change):
            result.kept.append(Kept(record_type.name, change.record_id, []))
            continue
        record: Any = record_type.model(version=change.version)
        record.pk = change.record_id
        record.rank = change.values.get("rank", [record.rank])[0]
        known = {name: old for name, (old, _new) in change.values.items() if name in record_type.all_fields}
        rows.append((record, empty | known))
    _write(record_type, rows, result, user)


def _empty_columns(record_type: RecordType) -> dict[str, None]:
    """The columns that the log leaves out where they were empty: said outright, so that no rule fills them in."""
    return {
        name: None
        for name, one in record_type.shipped_fields.items()
        if not one.formula and (one.is_nullable or one.type.empty is not None)
    }


def _write(
    record_type: RecordType, rows: list[tuple[Any, dict[str, Any]]], result: Undone, user: User | None
) -> None:
    """Write what was; a value that is possible no more (its record is gone, it is taken) is left out and listed."""
    how: dict[str, Any] = {"user": user, "batch": result.batch, "is_trusted": True, "is_stored": True}
    drafts = records.save_many(record_type, rows, **how)
    again = []
    for draft, (record, values) in zip(drafts, rows, strict=True):
        if draft.errors:
            result.kept.append(Kept(record_type.name, record.pk, sorted(draft.errors)))
            again.append((record, _without(values, draft.errors, is_new=draft.is_new)))
    if again:
        drafts += records.save_many(record_type, again, **how)
    result.restored += sum(not draft.errors for draft in drafts)


def _without(values: Mapping[str, Any], names: Iterable[str], *, is_new: bool) -> dict[str, Any]:
    """A record that is there keeps what it has, one that comes back has nothing there."""
    left = {name: old for name, old in values.items() if name not in names}
    return left | dict.fromkeys(set(names) & values.keys()) if is_new else left
