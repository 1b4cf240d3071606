"""A month of the reader's calendar, each day with the text that picking it writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.lib import calendars, numbers

DEFAULT_TIME = time(9)
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
REST_DAYS = {"IR": {FRIDAY}, "AF": {FRIDAY}, "IQ": {FRIDAY, SATURDAY}, "AE": {SATURDAY, SUNDAY}}


@dataclass(frozen=True)
class DayCell:
    number: str
    text: str
    is_today: bool
    is_chosen: bool
    is_rest: bool


@dataclass(frozen=True)
class Month:
    title: str
    weekdays: list[tuple[str, str]]
    weeks: list[list[DayCell | None]]
    previous: str
    next: str
    today: str


def month(typed: str, wanted: str, *, clock: bool) -> Month:
    """The month `wanted` (a Gregorian day inside it), else that of the typed value, else this one."""
    reader = locale.active()
    chosen = _moment(typed, reader)
    hour = chosen.timetz().replace(tzinfo=None) if chosen and clock else DEFAULT_TIME
    shown = _day(wanted) or (chosen.date() if chosen else reader.today())
    year, number, _n = calendars.parts(shown, reader.calendar)
    writing = _Writing(reader, hour if clock else None, chosen.date() if chosen else None)
    first, after = calendars.month_bounds(shown, reader.calendar)
    named = [calendars.weekday_names(reader.language, width) for width in ("narrow", "wide")]
    weekdays = list(zip(*named, strict=True))
    return Month(
        calendars.month_label(shown, reader.calendar, reader.language, reader.digits),
        [weekdays[(reader.first_weekday + n) % 7] for n in range(7)],
        [
            [writing.cell(day) for day in week]
            for week in calendars.month_grid(year, number, reader.calendar, reader.first_weekday)
        ],
        calendars.shift_month(first, -1, reader.calendar).isoformat(),
        after.isoformat(),
        writing.text(reader.today()),
    )


def _moment(typed: str, reader: Locale) -> datetime | None:
    try:
        return reader.parse_moment(typed).astimezone(reader.tz) if typed.strip() else None
    except calendars.NotADay:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class _Writing:
    """How a picked day is written: as the reader types days, with a clock where the field has one."""

    reader: Locale
    clock: time | None
    chosen: date | None

    def text(self, day: date) -> str:
        if self.clock is None:
            return self.reader.day(day, "short")
        return self.reader.moment(datetime.combine(day, self.clock, tzinfo=self.reader.tz), "short")

    def cell(self, day: date | None) -> DayCell | None:
        if day is None:
            return None
        number = calendars.parts(day, self.reader.calendar)[2]
        return DayCell(
            numbers.localize_digits(str(number), self.reader.digits),
            self.text(day),
            day == self.reader.today(),
            day == self.chosen,
            day.weekday() in REST_DAYS.get(self.reader.region, {SUNDAY}),
        )
