"""Weeks, months, quarters and years as two days, the second not included, in the reader's calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from kariz.lib.calendars.days import first_of_month, parts, reaching

Bounds = tuple[date, date]
OpenBounds = tuple[date | None, date | None]

MOST_DAYS = 36_500
DAY = timedelta(1)


def week_bounds(day: date, first_weekday: int) -> Bounds:
    """The week around `day`; its first weekday counts from Monday, 0."""
    start = day - timedelta((day.weekday() - first_weekday) % 7)
    return start, start + timedelta(7)


def month_bounds(day: date, calendar: str) -> Bounds:
    calendar = reaching(calendar, day)
    year, month, _ = parts(day, calendar)
    return first_of_month(year, month, calendar), first_of_month(year, month + 1, calendar)


def quarter_bounds(day: date, calendar: str) -> Bounds:
    calendar = reaching(calendar, day)
    year, month, _ = parts(day, calendar)
    first = month - (month - 1) % 3
    return first_of_month(year, first, calendar), first_of_month(year, first + 3, calendar)


def year_bounds(day: date, calendar: str) -> Bounds:
    return fiscal_year_bounds(day, calendar, 1)


def fiscal_year_bounds(day: date, calendar: str, start_month: int) -> Bounds:
    """The twelve months around `day` that begin with `start_month`."""
    calendar = reaching(calendar, day)
    year, month, _ = parts(day, calendar)
    year -= month < start_month
    return first_of_month(year, start_month, calendar), first_of_month(year + 1, start_month, calendar)


@dataclass(frozen=True)
class _Asked:
    """Who asks, when, and for how many days."""

    n: int
    today: date
    calendar: str
    first_weekday: int
    fiscal_start_month: int


def _days(first: int, last: int) -> Callable[[_Asked], OpenBounds]:
    return lambda asked: (asked.today + timedelta(first), asked.today + timedelta(last + 1))


def _whole(bounds: Callable[[_Asked, date], Bounds], step: int) -> Callable[[_Asked], OpenBounds]:
    """The week, month … around today, or the one before (-1) or after (1) it."""

    def found(asked: _Asked) -> OpenBounds:
        start, end = bounds(asked, asked.today)
        return bounds(asked, start - DAY) if step < 0 else bounds(asked, end) if step > 0 else (start, end)

    return found


def _week(asked: _Asked, day: date) -> Bounds:
    return week_bounds(day, asked.first_weekday)


def _month(asked: _Asked, day: date) -> Bounds:
    return month_bounds(day, asked.calendar)


def _quarter(asked: _Asked, day: date) -> Bounds:
    return quarter_bounds(day, asked.calendar)


def _year(asked: _Asked, day: date) -> Bounds:
    return year_bounds(day, asked.calendar)


def _fiscal_year(asked: _Asked, day: date) -> Bounds:
    return fiscal_year_bounds(day, asked.calendar, asked.fiscal_start_month)


# The periods that a filter names, relative to the day on which it is asked.
PERIODS: dict[str, Callable[[_Asked], OpenBounds]] = {
    "past": lambda asked: (None, asked.today),
    "due": lambda asked: (None, asked.today + DAY),
    "today": _days(0, 0),
    "yesterday": _days(-1, -1),
    "tomorrow": _days(1, 1),
    "this_week": _whole(_week, 0),
    "last_week": _whole(_week, -1),
    "next_week": _whole(_week, 1),
    "this_month": _whole(_month, 0),
    "last_month": _whole(_month, -1),
    "next_month": _whole(_month, 1),
    "this_quarter": _whole(_quarter, 0),
    "last_quarter": _whole(_quarter, -1),
    "next_quarter": _whole(_quarter, 1),
    "this_year": _whole(_year, 0),
    "last_year": _whole(_year, -1),
    "next_year": _whole(_year, 1),
    "this_fiscal_year": _whole(_fiscal_year, 0),
    "last_fiscal_year": _whole(_fiscal_year, -1),
    # Today is one of the n days.
    "last_n_days": lambda asked: (asked.today - timedelta(asked.n - 1), asked.today + DAY),
    "next_n_days": lambda asked: (asked.today, asked.today + timedelta(asked.n)),
    "older_than_n_days": lambda asked: (None, asked.today - timedelta(asked.n)),
    "in_more_than_n_days": lambda asked: (asked.today + timedelta(asked.n + 1), None),
}


def period_bounds(
    name: str, n: int = 0, *, today: date, calendar: str, first_weekday: int, fiscal_start_month: int = 1
) -> OpenBounds:
    """The days of a period in `PERIODS`; None is an open end. `n` counts the days where the name speaks of n."""
    n = min(max(n, 0), MOST_DAYS)
    return PERIODS[name](_Asked(n, today, calendar, first_weekday, fiscal_start_month))
