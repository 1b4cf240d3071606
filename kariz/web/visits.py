"""The records that a person has pinned or opened lately."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from kariz.accounts import previewing
from kariz.accounts.models import User
from kariz.core import access, registry
from kariz.core.models import SearchRow
from kariz.core.registry import RecordType
from kariz.lib.prepared import Prepared
from kariz.web.doors import reader
from kariz.web.listing import record_address
from kariz.web.models import Visit

READ = 24
MOST_PINNED = 12
MOST_RECENT = 6


@dataclass(frozen=True)
class Visited:
    """A record of which only the name is known."""

    record_type: RecordType
    record_id: int
    label: str
    is_pinned: bool

    @property
    def url(self) -> str:
        return record_address(self.record_type.name, self.record_id)

    @property
    def icon(self) -> str:
        return self.record_type.icon


def of(request: HttpRequest) -> list[Visited]:
    """What the sidebar shows: pinned first, then the latest. One query per request, two where rules ask for more."""
    found: list[Visited] | None = getattr(request, "kariz_visits", None)
    if found is None:
        found = _read(reader(request))
        request.kariz_visits = found  # type: ignore[attr-defined]
    return found


def _read(user: User) -> list[Visited]:
    known = {record_type.name: record_type for record_type in registry.every()}
    rows = [row for row in _VISITS.rows(user.pk) if row[0] in known and row[3]]
    owners: dict[str, dict[int, int | None]] = defaultdict(dict)
    for name, pk, _is_pinned, _title, owner in rows:
        owners[name][pk] = owner
    seen = access.seen_among(owners, user)
    return [
        Visited(known[name], pk, title, bool(is_pinned))
        for name, pk, is_pinned, title, _owner in rows
        if (name, pk) in seen
    ]


def _titled(user: Any) -> QuerySet[Any, Any]:
    """Names and owners from the search rows, which every type has: one query whatever the types."""
    row = SearchRow.objects.filter(record_type=OuterRef("record_type"), record_id=OuterRef("record_id"))
    visits = Visit.objects.filter(user=user).order_by("-is_pinned", "-at")
    return visits.values_list(
        "record_type",
        "record_id",
        "is_pinned",
        Subquery(row.values("title")[:1]),
        Subquery(row.values("owner_id")[:1]),
    )[:READ]


_VISITS = Prepared(_titled)


def pinned(request: HttpRequest) -> list[Visited]:
    return [visited for visited in of(request) if visited.is_pinned][:MOST_PINNED]


def recent(request: HttpRequest) -> list[Visited]:
    return [visited for visited in of(request) if not visited.is_pinned][:MOST_RECENT]


def is_pinned(request: HttpRequest, record_type: RecordType, pk: int) -> bool:
    return (record_type.name, pk) in {(one.record_type.name, one.record_id) for one in pinned(request)}


def remember(request: HttpRequest, record_type: RecordType, pk: int) -> None:
    """Put the record at the head of the recent ones; nothing is written where it stands there already, or where
    somebody else looks with the person's eyes.
    """
    if previewing.current(request):
        return
    latest = next((one for one in of(request) if not one.is_pinned), None)
    if latest and (latest.record_type.name, latest.record_id) == (record_type.name, pk):
        return
    if not is_pinned(request, record_type, pk):
        _write(reader(request), record_type, pk, at=timezone.now())


def pin(request: HttpRequest, record_type: RecordType, pk: int, *, on: bool) -> None:
    _write(reader(request), record_type, pk, at=timezone.now(), is_pinned=on)
    request.kariz_visits = None  # type: ignore[attr-defined]


def _write(user: User, record_type: RecordType, pk: int, **values: Any) -> None:
    Visit.objects.bulk_create(
        [Visit(user=user, record_type=record_type.name, record_id=pk, **values)],
        update_conflicts=True,
        unique_fields=["user", "record_type", "record_id"],
        update_fields=list(values),
    )
