"""Pages by key: the rows after a cursor, never an OFFSET; counts with a cap, never of millions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

from kariz.core import sorting
from kariz.core.sorting import Sort
from kariz.lib.keyset import BadCursor, Cursor

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

CAP = 1000


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
) -> Page:
    """The `size` records after (or, for a cursor of `previous`, before) the cursor. A bad cursor is the first page.

    With `columns` the records are light: they have these columns and their `pk`, and can be read but not saved.
    """
    asked = sorting.of(record_type, sort)
    queryset = queryset.annotate(page_key=asked.expression)
    position = _position(cursor, queryset)
    backwards = bool(position and position.values[0] == "before")
    upwards = asked.is_descending == backwards
    if position:
        queryset = queryset.filter(_beyond(position, asked, upwards=upwards))
    queryset = queryset.order_by(*asked.order_by(F("page_key"), is_descending=not upwards))[: size + 1]
    found = _light(queryset, columns) if columns else list(queryset)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, bool(position))
    return Page(
        found,
        next=_cursor("after", found[-1]) if found and has_next else "",
        previous=_cursor("before", found[0]) if found and has_previous else "",
    )


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
