"""What happened to records, page by page from a cursor, as one reader may know it: nothing is skipped, nothing doubled.

Changes come in the order of their ids. Those of one record are made under its lock, so that this is the order in
which they were committed; between records it is one order that never changes.

On PostgreSQL ids are taken before the commit: 7 may be there while 6 is still being written, and a reader who went on
to 7 would never see 6. So the feed goes only as far as is certain. Ids without a gap are. At a gap it asks who is
writing changes at this moment: whoever inserts into a table holds its ROW EXCLUSIVE lock from before the first id is
taken until the commit can be seen, and `pg_locks` names the holders. Once none of those is there any more who were
when 7 was seen, 6 has come or will never come (its transaction was rolled back). That costs the writers nothing: no
column, no index, no lock of its own. To keep the number of the transaction with each change would cost all of them,
and such numbers begin anew in a database that was restored elsewhere. The cursor remembers whom it waits for, so that
a reader gets on even if somebody is writing whenever he asks. It is to be asked of the primary, outside of a
transaction that sees a fixed snapshot. SQLite has one writer at a time: there ids are in the order of the commits.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.db import connection

from kariz.accounts.models import User
from kariz.core import access, records, registry
from kariz.core.fieldtypes.links import LARGEST_ID as LARGEST
from kariz.core.models import Change
from kariz.lib.keyset import BadCursor, Cursor

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

__all__ = ["MOST", "BadCursor", "Page", "changes_after", "told"]

MOST = 1000  # changes on a page
PASSED = 10_000  # ids that one page goes past at most
PATIENCE = 0.5  # seconds that a page waits for whoever is writing: long enough for a save, not for an import
PAUSE = 0.02

# Writers of other databases have the same table under the same number.
WRITING = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = %s::regclass AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid IS DISTINCT FROM pg_backend_pid()
"""


@dataclass(frozen=True)
class Page:
    """Some changes, and the cursor after them. `has_more`: the next page can be had at once, even if this is empty."""

    changes: list[dict[str, Any]]
    cursor: str
    has_more: bool


@dataclass(frozen=True)
class _Place:
    """How far a reader has come: all up to `after`, which was made at `moment`; and what he waits for.

    All up to `until` is certain as soon as none of `writers` is writing any more.
    """

    after: int = 0
    moment: str = ""
    until: int = 0
    writers: frozenset[str] = frozenset()

    def cursor(self) -> str:
        return Cursor((self.after, self.moment, self.until, *sorted(self.writers))).encode()


def changes_after(
    cursor: str, user: User | None, types: Iterable[str] | None = None, limit: int = 100
) -> Page:
    """The changes after `cursor` (an empty one is the beginning), `limit` of them at most, as `told` gives them.

    `types` are names of record types; those that the reader may not read are passed over. Without a user it is the
    program that reads, and sees everything. Raises `BadCursor`, also for a cursor of a database that has since been
    put back to an earlier state, and `KeyError` for an unknown type.
    """
    start = _read(cursor)
    limit = max(1, min(limit, MOST))
    wanted = [registry.get(name) for name in types] if types is not None else registry.every()
    names = [one.name for one in wanted if access.may(one, user, "read")]
    place, has_more = _certain(start, limit if types is None else PASSED)
    found = Change.objects.filter(pk__gt=start.after, pk__lte=place.after, record_type__in=names)
    rows = list(found.select_related("batch").order_by("pk")[:limit])
    if len(rows) == limit and rows[-1].pk < place.after:
        place, has_more = replace(place, after=rows[-1].pk), True
    place = replace(place, moment=_moment_of(place.after))
    return Page(told(rows, user), place.cursor(), has_more)


def told(changes: Sequence[Change], user: User | None) -> list[dict[str, Any]]:
    """The changes of records that `user` may see, with the fields that he may read, in their order; JSON throughout.

    A deletion says only that there was such a record, to whoever could see it; so does everything that he could
    have heard of it before. The number of queries depends on the record types alone.
    """
    known = {one.name for one in registry.every()}
    changes = [change for change in changes if change.record_type in known]
    by_type: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        by_type[change.record_type].add(change.record_id)
    seen = {name: _seen(registry.get(name), ids, user) for name, ids in by_type.items()}
    fields = {name: access.readable(registry.get(name), user).keys() for name in by_type}
    people = User.objects.in_bulk({change.batch.user_id for change in changes if change.batch.user_id})
    return [
        _as_json(change, fields[change.record_type], people)
        for change in changes
        if change.record_id in seen[change.record_type]
    ]


def _seen(record_type: RecordType, ids: set[int], user: User | None) -> set[int]:
    """Those of the records that the reader sees, or saw when they were deleted."""
    seen = set(records.visible(record_type, user).filter(pk__in=ids).values_list("pk", flat=True))
    if seen == ids:
        return seen
    kept = record_type.model.objects.filter(pk__in=ids - seen).values_list("pk", flat=True)
    gone = ids - seen - set(kept)
    if access.sees_all(record_type, user) or not gone:
        return seen | gone
    ends = Change.objects.filter(
        record_type=record_type.name, record_id__in=gone, kind=Change.Kind.DELETED
    ).order_by("pk")
    owners = {pk: values.get("owner", [None])[0] for pk, values in ends.values_list("record_id", "values")}
    return seen | {pk for _name, pk in access.seen_among({record_type.name: owners}, user)}


def _as_json(change: Change, fields: Iterable[str], people: dict[int, User]) -> dict[str, Any]:
    by = people.get(change.batch.user_id or 0)
    is_end = change.kind == Change.Kind.DELETED
    shown = [] if is_end else sorted(change.values.keys() & set(fields))
    return {
        "id": change.pk,
        "type": change.record_type,
        "record": change.record_id,
        "kind": change.kind,
        "version": change.version,
        "batch": {"id": change.batch_id, "kind": change.batch.kind},
        "at": change.at.astimezone(UTC).isoformat(),
        "by": {"id": by.pk, "username": by.username, "name": str(by)} if by else None,
        "values": {
            name: {"before": change.values[name][0], "after": change.values[name][1]} for name in shown
        },
    }


def _read(cursor: str) -> _Place:
    """The place that a cursor names. Raises `BadCursor`."""
    if not cursor:
        return _Place()
    match Cursor.decode(cursor).values:
        case [int(after), str(moment), int(until), *writers] if (
            0 <= after <= LARGEST and 0 <= until <= LARGEST
        ):
            place = _Place(after, moment, until, frozenset(str(one) for one in writers))
        case _:
            raise BadCursor(cursor)
    if after and _moment_of(after) not in ("", moment):
        raise BadCursor(cursor)
    if after and not Change.objects.filter(pk__gte=after).exists():
        raise BadCursor(cursor)
    return place


def _moment_of(pk: int) -> str:
    """When the change was made; empty where there is none with this id."""
    at = Change.objects.filter(pk=pk).values_list("at", flat=True).first()
    return at.astimezone(UTC).isoformat() if at else ""


def _certain(place: _Place, most: int) -> tuple[_Place, bool]:
    """The place up to which nothing more will come, `most` ids further at most, and whether there is more to be had.

    The rows must be read by another statement, later than this: it sees what has been committed since.
    """
    ids = list(
        Change.objects.filter(pk__gt=place.after).order_by("pk").values_list("pk", flat=True)[: most + 1]
    )
    is_cut, ids = len(ids) > most, ids[:most]
    if not ids:
        return place, False
    if connection.vendor != "postgresql":
        return replace(place, after=ids[-1]), is_cut
    place = _waited(place)
    after = _unbroken(ids, place)
    if after < ids[-1] and not place.writers:
        place = _waited(replace(place, until=ids[-1], writers=_writers()))
        after = after if place.writers else ids[-1]
    return replace(place, after=after), is_cut if after == ids[-1] else not place.writers


def _unbroken(ids: Sequence[int], place: _Place) -> int:
    """The last of the ids before a gap that may still be filled."""
    certain = 0 if place.writers else place.until
    reached = place.after
    for pk in ids:
        if pk > reached + 1 and pk > certain:
            break
        reached = pk
    return reached


def _waited(place: _Place) -> _Place:
    """The place after a moment's patience with those who are writing: less of them, or none."""
    end = time.monotonic() + PATIENCE
    writers = place.writers and place.writers & _writers()
    while writers and time.monotonic() < end:
        time.sleep(PAUSE)
        writers &= _writers()
    return replace(place, writers=writers)


def _writers() -> frozenset[str]:
    """Every transaction that may have taken ids of changes and is not through."""
    with connection.cursor() as cursor:
        cursor.execute(WRITING, [connection.ops.quote_name(Change._meta.db_table)])
        return frozenset(name for (name,) in cursor.fetchall())
