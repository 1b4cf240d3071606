"""Counts and sums of records by the values of their fields: boards, home page, query command, reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from kariz.accounts import locale
from kariz.lib import calendars

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

PERIODS = {"day", "week", "month", "quarter", "year"}


@dataclass(frozen=True)
class Group:
    """`keys` are the stored values grouped by (the first day of a period for dates); `sums` stand by currency."""

    keys: tuple[Any, ...]
    count: int
    sums: dict[str, dict[str, Decimal]]

    def total(self, name: str, currency: str) -> Decimal:
        return self.sums.get(name, {}).get(currency, Decimal(0))


def summarize(
    record_type: RecordType,
    queryset: QuerySet[Any],
    *,
    group_by: Sequence[str] = (),
    sums: Sequence[str] = (),
) -> list[Group]:
    """One grouped statement. `close_on:month` groups a date by the periods of the reader's own calendar.

    Raises `KeyError` for an unknown field. Money is summed by currency, never across currencies.
    """
    fields = record_type.all_fields
    expressions: dict[str, Any] = {}
    periods: dict[int, str] = {}
    for position, wanted in enumerate(group_by):
        name, _colon, period = wanted.partition(":")
        expression = fields[name].expression
        if period:
            periods[position] = period
            if fields[name].type.name == "moment" and not fields[name].is_custom:
                expression = TruncDate(expression, tzinfo=locale.active().tz)
        expressions[f"key_{position}"] = expression
    if record_type.currency_column and sums:
        expressions["key_currency"] = fields["currency"].expression
    totals = {f"sum_{name}": Sum(fields[name].expression) for name in sums}
    # Without any expression `values` would mean every column, and group by them all.
    grouped = queryset.order_by().values(**expressions or {"everything": Value(1)})
    rows = grouped.annotate(rows=Count("*"), **totals)
    return _gathered(rows, len(group_by), periods, sums)


def _gathered(rows: Any, width: int, periods: dict[int, str], sums: Sequence[str]) -> list[Group]:
    """Rows of days and currencies folded into groups of periods."""
    counts: dict[tuple[Any, ...], int] = defaultdict(int)
    found: dict[tuple[Any, ...], dict[str, dict[str, Decimal]]] = defaultdict(
        lambda: {name: {} for name in sums}
    )
    ours = locale.active()
    for row in rows:
        keys = tuple(
            first_day(row[f"key_{n}"], periods[n], ours) if n in periods else row[f"key_{n}"]
            for n in range(width)
        )
        counts[keys] += row["rows"]
        currency = row.get("key_currency") or ours.currency
        for name in sums:
            by_currency = found[keys][name]
            amount = row[f"sum_{name}"]
            if amount is not None:
                by_currency[currency] = by_currency.get(currency, Decimal(0)) + Decimal(str(amount))
    return [Group(keys, count, found[keys]) for keys, count in counts.items()]


def first_day(value: Any, period: str, reader: locale.Locale) -> date | None:
    """The first day of the period that a stored date falls in, in the reader's calendar. Raises `KeyError`."""
    if not value:
        return None
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    if isinstance(day, datetime):
        day = day.astimezone(reader.tz).date()
    if period == "day":
        return day
    if period == "week":
        return calendars.week_bounds(day, reader.first_weekday)[0]
    bounds = {
        "month": calendars.month_bounds,
        "quarter": calendars.quarter_bounds,
        "year": calendars.year_bounds,
    }[period]
    return bounds(day, reader.calendar)[0]
