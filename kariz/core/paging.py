"""Pages by key: the rows after a cursor, never an OFFSET; counts with a cap, never of millions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import F, Q, QuerySet

from kariz.core import sorting, unions
from kariz.core.sorting import Sort
from kariz.lib.keyset import BadCursor, Cursor

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

CAP = 1000
# Among as many of everybody's rows SQLite is made to look first: by itself it does not weigh that few are wanted, and
# reads all the rows of all the owners.
NEAR = 4_000
# Where a queryset is of more owners, enough of everybody's rows should be theirs to look through those first.
FEW_STRANDS = 60
MOST_STRANDS = 400  # SQLite takes 500 parts of a union


@dataclass(frozen=True)
class Strands:
    """Owners and ids all of whose records a queryset may hold, and the `others`, of whom it may hold some.

    `is_open` says that it may hold some of everybody's.
    """

    owners: Collection[int]
    ids: Collection[int]
    others: Collection[int] = ()
    is_open: bool = False

    @property
    def has_more(self) -> bool:
        return self.is_open or bool(self.others)


@dataclass(frozen=True)
class Page:
    """Some records in order, and the cursors of the pages beside it (empty where there is none)."""

    records: list[Any]
    next: str = ""
    previous: str = ""


def page(
    queryset: QuerySet[Any],
    record_type: RecordType,
    sort: str,
    *,
    cursor: str = "",
    size: int = 50,
    columns: Collection[str] = (),
    strands: Strands | None = None,
) -> Page:
    """The `size` records after (or, for a cursor of `previous`, before) the cursor. A bad cursor is the first page.

    With `columns` the records are light: they have these columns and their `pk`, and can be read but not saved.
    `strands` says of whom the records of the queryset are: it changes how they are found, never which.
    """
    asked = sorting.of(record_type, sort)
    queryset = queryset.annotate(page_key=asked.expression)
    position = _position(cursor, queryset)
    backwards = bool(position and position.values[0] == "before")
    upwards = asked.is_descending == backwards
    order = asked.order_by(F("page_key"), is_descending=not upwards)
    beyond = _beyond(position, asked, upwards=upwards) if position else Q()
    queryset = queryset.filter(beyond).order_by(*order)

    def read(rows: QuerySet[Any]) -> list[Any]:
        return _light(rows[: size + 1], columns) if columns else list(rows[: size + 1])

    found: list[Any] = []
    # PostgreSQL weighs by itself that few rows are wanted, and how many of all are these.
    if strands and connection.vendor == "sqlite":
        is_by_owner = sorting.is_indexed(record_type, asked, by_owner=True)
        owners = len(strands.owners)
        if sorting.is_indexed(record_type, asked) and not (is_by_owner and owners <= FEW_STRANDS):
            everybodys = record_type.model.objects.annotate(page_key=asked.expression).filter(beyond)
            found = read(queryset.filter(pk__in=everybodys.order_by(*order)[:NEAR].values("pk")))
        if len(found) <= size and is_by_owner and owners <= MOST_STRANDS:
            queryset = _stranded(queryset, strands, asked, upwards=upwards, size=size + 1)
    found = found if len(found) > size else read(queryset)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, bool(position))
    return Page(
        found,
        next=_cursor("after", found[-1]) if found and has_next else "",
        previous=_cursor("before", found[0]) if found and has_previous else "",
    )


def _stranded(
    queryset: QuerySet[Any], strands: Strands, asked: Sort, *, upwards: bool, size: int
) -> QuerySet[Any]:
    """The same first rows, found by way of the strands.

    Where there is more than the strands, the last of their first rows bounds what else has to be looked at.
    """
    merged = _Merged(queryset, asked, upwards=upwards, size=size)
    try:
        if not strands.has_more:
            return merged.of(strands.owners, strands.ids)
        found = list(merged.of(strands.owners, strands.ids).values_list("pk", "page_key"))
        if len(found) < size:
            every = [*strands.owners, *strands.others]
            return queryset if strands.is_open or len(every) > MOST_STRANDS else merged.of(every, strands.ids)
    except EmptyResultSet:
        return queryset
    last = found[-1][1]
    if last is None:
        return queryset
    before = Q(page_key__lte=last) | Q(page_key__isnull=True) if upwards else Q(page_key__gte=last)
    if not strands.is_open:
        before &= Q(owner_id__in=strands.others)
    return queryset.filter(Q(pk__in=[pk for pk, _key in found]) | before)


@dataclass(frozen=True)
class _Merged:
    """The first rows of a queryset, merged of strands and looked up by their ids."""

    queryset: QuerySet[Any]
    asked: Sort
    upwards: bool
    size: int

    def of(self, owners: Collection[int], ids: Collection[int]) -> QuerySet[Any]:
        """Raises `EmptyResultSet`."""
        nulls = " NULLS FIRST" if self.upwards else " NULLS LAST"
        way = "ASC" if self.upwards else "DESC"
        order = f"2 {way}{nulls * self.asked.is_nullable}, 1 {way} LIMIT {self.size}"
        found = self.queryset.model._default_manager.filter(
            pk__in=unions.merged(self.queryset, owners, ids, order)
        )
        ordered: QuerySet[Any] = found.annotate(page_key=self.asked.expression)
        return ordered.order_by(*self.queryset.query.order_by)


def _light(queryset: QuerySet[Any], columns: Collection[str]) -> list[Any]:
    """A list shows a few of a record's many columns; to make whole records of them takes longer than to fetch them."""
    return [SimpleNamespace(**row) for row in queryset.values("pk", "page_key", *columns)]


def _position(cursor: str, queryset: QuerySet[Any]) -> Cursor | None:
    """The place that `cursor` names, None where it names none in this queryset's order."""
    if not cursor:
        return None
    try:
        position = Cursor.decode(cursor)
        _side, value, pk = position.values
        queryset.filter(page_key=value, pk=pk)
    except (BadCursor, TypeError, ValueError, ValidationError):
        return None
    return position


def _cursor(side: str, record: Any) -> str:
    return Cursor((side, record.page_key, record.pk)).encode()


def _beyond(position: Cursor, asked: Sort, *, upwards: bool) -> Q:
    """The rows after a value and id, in an order in which empty values are lowest."""
    _side, value, pk = position.values
    after = Q(pk__gt=pk) if upwards else Q(pk__lt=pk)
    if value is None:
        same = Q(page_key__isnull=True) & after
        return same | Q(page_key__isnull=False) if upwards else same
    if upwards:
        return Q(page_key__gte=value) & (Q(page_key__gt=value) | after)
    below = Q(page_key__lte=value) & (Q(page_key__lt=value) | after)
    return below | Q(page_key__isnull=True) if asked.is_nullable else below


def capped_count(queryset: QuerySet[Any], cap: int = CAP) -> tuple[int, bool]:
    """How many there are, at most `cap`, and whether there are more."""
    counted = queryset.order_by()[: cap + 1].count()
    return min(counted, cap), counted > cap
