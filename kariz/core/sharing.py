"""Sharing records by hand: the one door through which shares are made, changed and taken back, logged and undoable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.accounts.models import Role, Team, User
from kariz.core import access, attached, changes, records, registry, shares, writing
from kariz.core.access import Forbidden
from kariz.core.grants import Level, Share
from kariz.core.models import Change, ChangeBatch

if TYPE_CHECKING:
    from kariz.core.models import Record
    from kariz.core.registry import RecordType

SHARED = "shares"
"""What the change log calls the shares of a record: principal → terms, before and after."""

AT_ONCE = 500
COLUMNS = {User: "user", Team: "team", Role: "role"}
Whom = User | Team | Role

attached.attach(Share, label=gettext_lazy("Shares"), one_per=("user", "team", "role"))


@dataclass(frozen=True)
class Terms:
    """How a record is shared: to read or to write, until when, as what, and a word to it."""

    level: str = Level.READ
    until: datetime | None = None
    kind: str = Share.Kind.SHARE
    note: str = ""


def share(
    record_type: RecordType,
    found: Iterable[Record],
    whom: Iterable[Whom],
    terms: Terms = Terms(),
    *,
    by: User | None,
    batch: ChangeBatch | None = None,
) -> ChangeBatch:
    """Share records with people, teams and roles on these terms, in place of those of an earlier share.

    Whoever may change a record may share it. Raises `Forbidden`.
    """
    listed = _sharable(record_type, found, by)
    return _write(record_type, listed, dict.fromkeys(whom, terms), by=by, batch=batch)


def unshare(
    record_type: RecordType,
    found: Iterable[Record],
    whom: Iterable[Whom],
    *,
    by: User | None,
    batch: ChangeBatch | None = None,
) -> ChangeBatch:
    """Take shares back. Raises `Forbidden`."""
    return _write(record_type, _sharable(record_type, found, by), dict.fromkeys(whom), by=by, batch=batch)


def hand_over(
    record_type: RecordType,
    found: Iterable[Record],
    whom: Iterable[User],
    *,
    by: User | None,
    batch: ChangeBatch | None = None,
) -> ChangeBatch:
    """Open records to those outside who go on working on them. The caller answers for it that `by` may."""
    terms = Terms(Level.WRITE, kind=Share.Kind.HANDED)
    return _write(record_type, found, dict.fromkeys(whom, terms), by=by, batch=batch)


def take_over(
    record_type: RecordType,
    found: Iterable[Record],
    whom: Iterable[User],
    *,
    by: User | None,
    batch: ChangeBatch | None = None,
) -> ChangeBatch:
    """Take back what was handed over. The caller answers for it that `by` may."""
    return _write(record_type, found, dict.fromkeys(whom), by=by, batch=batch)


def of(record_type: RecordType, record: Record) -> list[Share]:
    """The shares of a record, those that are over included, the first first; with whom they are."""
    rows = Share.objects.filter(record_type=record_type.name, record_id=record.pk)
    return list(rows.select_related("user", "team", "role", "by").order_by("pk"))


Key = tuple[int, str, int]
"""Record, kind of principal, principal."""


def _sharable(record_type: RecordType, found: Iterable[Record], by: User | None) -> list[Record]:
    """All of them, where `by` may change all."""
    listed = list(found)
    if len(access.writable_among(record_type, by, listed)) < len({record.pk for record in listed}):
        raise Forbidden(_("You may not share this record."))
    return listed


@transaction.atomic
def _write(
    record_type: RecordType,
    found: Iterable[Record],
    wanted: Mapping[Whom, Terms | None],
    *,
    by: User | None,
    batch: ChangeBatch | None,
) -> ChangeBatch:
    listed = {record.pk: record for record in found}
    batch = batch or records.batch_of("share", by, ", ".join(map(str, wanted)))
    goals: dict[Key, dict[str, Any] | None] = {
        (pk, COLUMNS[type(one)], one.pk): _said(terms) if terms else None
        for one, terms in wanted.items()
        for pk in listed
    }
    changed = _apply(record_type, goals, by)
    happened = [(listed[pk], Change.Kind.UPDATED, {SHARED: pair}) for pk, pair in changed.items()]
    writing.log(record_type, happened, batch, timezone.now())
    return batch


def _apply(
    record_type: RecordType, goals: Mapping[Key, dict[str, Any] | None], by: User | None
) -> dict[int, list[Any]]:
    """Bring the shares to what is wanted; of the records that this changed, what was shared before and after."""
    held = _held(record_type, goals)
    changed: dict[int, list[Any]] = {}
    new: list[Share] = []
    old: list[Share] = []
    gone: list[int] = []
    for key, goal in goals.items():
        row = held.get(key)
        before = _told(row) if row else None
        if before == goal:
            continue
        pk, column, principal = key
        for place, terms in enumerate((before, goal)):
            side = changed.setdefault(pk, [{}, {}])[place]
            if terms is not None:
                side[f"{column}:{principal}"] = terms
        if goal is None:
            gone += [row.pk] if row else []
            continue
        kept = row or Share(record_type=record_type.name, record_id=pk, **{f"{column}_id": principal})
        kept.by, kept.at = by, timezone.now()
        kept.level, kept.kind, kept.note = goal["level"], goal["kind"], goal["note"]
        kept.until = parse_datetime(goal["until"]) if goal["until"] else None
        (old if row else new).append(kept)
    Share.objects.bulk_create(new, batch_size=AT_ONCE)
    Share.objects.bulk_update(old, ["by", "at", "level", "kind", "note", "until"], batch_size=AT_ONCE)
    Share.objects.filter(pk__in=gone).delete()
    shares.announce()
    return changed


def _held(record_type: RecordType, goals: Iterable[Key]) -> dict[Key, Share]:
    """The shares that stand where goals are set, held until the transaction ends."""
    principals: dict[str, set[int]] = {}
    ids = set()
    for pk, column, principal in goals:
        ids.add(pk)
        principals.setdefault(column, set()).add(principal)
    with_them = Q(pk__in=())
    for column, wanted in principals.items():
        with_them |= Q(**{f"{column}__in": wanted})
    rows = Share.objects.select_for_update().filter(
        with_them, record_type=record_type.name, record_id__in=ids
    )
    return {_key(row): row for row in rows.order_by("pk")}


def _key(row: Share) -> Key:
    column = "user" if row.user_id else "team" if row.team_id else "role"
    return row.record_id, column, getattr(row, f"{column}_id")


def _said(terms: Terms) -> dict[str, Any]:
    """Terms as the change log keeps them."""
    until = terms.until.isoformat() if terms.until else None
    return {"level": str(terms.level), "until": until, "kind": str(terms.kind), "note": terms.note}


def _told(row: Share) -> dict[str, Any]:
    return _said(Terms(row.level, row.until, row.kind, row.note))


@changes.on_undo
def _take_back(batch: ChangeBatch) -> None:
    """Bring the shares of a batch to what they were; those that somebody has changed since stay."""
    for change in batch.changes.filter(kind=Change.Kind.UPDATED).order_by("-pk").iterator():
        if SHARED in change.values:
            _restore(change)


def _restore(change: Change) -> None:
    record_type = registry.get(change.record_type)
    before, after = change.values[SHARED]
    keys = {name: _named(change.record_id, name) for name in before.keys() | after.keys()}
    held = _held(record_type, keys.values())
    goals = {
        key: before.get(name)
        for name, key in keys.items()
        if (_told(held[key]) if key in held else None) == after.get(name)
    }
    _apply(record_type, goals, change.batch.user)


def _named(pk: int, name: str) -> Key:
    column, _colon, principal = name.partition(":")
    return pk, column, int(principal)
