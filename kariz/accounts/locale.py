"""How one person reads and writes: language, calendar, digits, time zone, money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from kariz.accounts import company
from kariz.accounts.models import User
from kariz.lib import calendars, money, numbers

SATURDAY, SUNDAY, MONDAY = 5, 6, 0
FIRST_WEEKDAY = {"IR": SATURDAY, "AF": SATURDAY, "AE": MONDAY, "US": SUNDAY, "CA": SUNDAY, "IQ": SATURDAY}


@dataclass(frozen=True)
class Locale:
    language: str
    calendar: str
    digits: str
    time_zone: str
    currency: str
    region: str
    toman: bool
    fiscal_start_month: int

    @classmethod
    def of(cls, user: User | None) -> Locale:
        """The locale of `user`, filled up with the company's."""
        ours = company.current()
        return cls(
            language=(user and user.language) or ours.language,
            calendar=(user and user.calendar) or ours.calendar,
            digits=(user and user.digits) or ours.digits,
            time_zone=(user and user.time_zone) or ours.time_zone,
            currency=ours.currency,
            region=ours.region,
            toman=ours.show_toman,
            fiscal_start_month=ours.fiscal_start_month,
        )

    @property
    def tz(self) -> tzinfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_rtl(self) -> bool:
        return self.language in {"fa", "ar", "he"}

    @property
    def first_weekday(self) -> int:
        """0 is Monday, as in `datetime.date.weekday`."""
        return FIRST_WEEKDAY.get(self.region, MONDAY)

    @property
    def decimal_mark(self) -> str:
        return "," if self.language == "tr" else "."

    def today(self) -> date:
        return timezone.now().astimezone(self.tz).date()

    def day(self, value: date, style: str = "medium") -> str:
        return calendars.show_day(value, self.calendar, self.language, self.digits, style=style)

    def moment(self, value: datetime, style: str = "medium") -> str:
        return calendars.show_moment(
            value.astimezone(self.tz), self.calendar, self.language, self.digits, style=style
        )

    def ago(self, value: datetime) -> str:
        return numbers.localize_digits(calendars.relative(value, timezone.now(), self.language), self.digits)

    def number(self, value: Decimal | float, places: int | None = None) -> str:
        return numbers.show(value, language=self.language, digits=self.digits, places=places)

    def percent(self, value: Decimal | float, places: int | None = None) -> str:
        sign = {"fa": "٪%s", "tr": "%%%s"}.get(self.language, "%s%%")
        return sign % self.number(value, places)

    def money(self, amount: Decimal, code: str, *, compact: bool = False) -> str:
        return money.show(
            amount, code, language=self.language, digits=self.digits, toman=self.toman, compact=compact
        )

    def parse_number(self, text: str) -> Decimal:
        return numbers.parse(text, decimal=self.decimal_mark)

    def parse_day(self, text: str) -> date:
        return calendars.parse_day(text, self.calendar, today=self.today())

    def parse_moment(self, text: str) -> datetime:
        return calendars.parse_moment(text, self.calendar, tz=self.tz, now=timezone.now())

    def period(self, name: str, n: int = 0) -> tuple[date | None, date | None]:
        """The half-open bounds of a relative period such as `this_month`, as days."""
        return calendars.period_bounds(
            name,
            n,
            today=self.today(),
            calendar=self.calendar,
            first_weekday=self.first_weekday,
            fiscal_start_month=self.fiscal_start_month,
        )


_active: ContextVar[Locale | None] = ContextVar("kariz_locale", default=None)


def active() -> Locale:
    """The locale of whoever is being served; the company's where nobody is."""
    return _active.get() or Locale.of(None)


@contextmanager
def use(locale: Locale) -> Iterator[Locale]:
    """Read and write as `locale` says, translations and time zone included."""
    token = _active.set(locale)
    try:
        with translation.override(locale.language), timezone.override(locale.tz):
            yield locale
    finally:
        _active.reset(token)


def machine() -> Locale:
    """The locale of files and APIs: English, Gregorian, Latin digits, UTC."""
    return replace(Locale.of(None), language="en", calendar="gregorian", digits="latin", time_zone="UTC")
