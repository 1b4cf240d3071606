"""Days and moments as the reader writes them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_timedelta

from kariz.lib.calendars.days import parts, reaching
from kariz.lib.calendars.names import month_names, weekday_names
from kariz.lib.locales import locale_of
from kariz.lib.numbers import localize_digits


@dataclass(frozen=True)
class _Patterns:
    """As CLDR has them, but for the short ones, which are of one width and can be read in one way only."""

    short: str
    medium: str
    long: str
    moment: str
    quarter: str
    now: str


_PATTERNS = {
    "en": _Patterns(
        short="{year:04}-{month:02}-{day:02}",
        medium="{name} {day}, {year}",
        long="{weekday}, {name} {day}, {year}",
        moment="{day}, {time}",
        quarter="{name} {year}",
        now="just now",
    ),
    "tr": _Patterns(
        short="{day:02}.{month:02}.{year:04}",
        medium="{day} {name} {year}",
        long="{day} {name} {year} {weekday}",
        moment="{day} {time}",
        quarter="{year} {name}",
        now="az önce",
    ),
    "fa": _Patterns(
        short="{year:04}/{month:02}/{day:02}",
        medium="{day} {name} {year}",
        long="{weekday} {day} {name} {year}",
        moment="{day}، {time}",
        quarter="{name} {year}",
        now="همین حالا",
    ),
}
_SHORT_JALALI = _PATTERNS["fa"].short
_SEASONS = ("بهار", "تابستان", "پاییز", "زمستان")
_A_MOMENT = timedelta(seconds=45)


def _patterns(language: str) -> _Patterns:
    return _PATTERNS.get(language[:2], _PATTERNS["en"])


def show_day(day: date, calendar: str, language: str, digits: str, *, style: str = "medium") -> str:
    """`short` is figures alone, `medium` has the month's name, `long` the weekday too."""
    calendar = reaching(calendar, day)
    year, month, of_month = parts(day, calendar)
    patterns = _patterns(language)
    if style == "short":
        pattern = _SHORT_JALALI if calendar == "jalali" else patterns.short
        return localize_digits(pattern.format(year=year, month=month, day=of_month), digits)
    names = month_names(calendar, language, "wide" if style == "long" else "abbreviated")
    pattern = patterns.long if style == "long" else patterns.medium
    weekday = weekday_names(language)[day.weekday()]
    return localize_digits(
        pattern.format(year=year, name=names[month - 1], day=of_month, weekday=weekday), digits
    )


def show_moment(moment: datetime, calendar: str, language: str, digits: str, *, style: str = "medium") -> str:
    """The day and the time of a moment that is in the reader's time zone already."""
    pattern = "{day} {time}" if style == "short" else _patterns(language).moment
    day = show_day(moment.date(), calendar, language, digits, style=style)
    return pattern.format(day=day, time=localize_digits(f"{moment:%H:%M}", digits))


def month_label(day: date, calendar: str, language: str, digits: str) -> str:
    """The month around `day`, such as "November 2026" or "آذر ۱۴۰۵"."""
    calendar = reaching(calendar, day)
    year, month, _ = parts(day, calendar)
    return f"{month_names(calendar, language)[month - 1]} {localize_digits(str(year), digits)}"


def quarter_label(day: date, calendar: str, language: str, digits: str) -> str:
    """The quarter around `day`: "Q4 2026", "2026 Ç4"; those of the Jalali year are the seasons in Persian."""
    calendar = reaching(calendar, day)
    year, month, _ = parts(day, calendar)
    number = (month - 1) // 3 + 1
    if language[:2] == "fa":
        quarters = locale_of(language).quarters["format"]["wide"]
        name = _SEASONS[number - 1] if calendar == "jalali" else quarters[number]
    else:
        name = locale_of(language).quarters["format"]["abbreviated"][number]
    return localize_digits(_patterns(language).quarter.format(name=name, year=year), digits)


def relative(moment: datetime, now: datetime, language: str, digits: str = "latin") -> str:
    """How far `moment` is from `now`: "3 days ago", "in 2 hours", "just now"."""
    distance = moment - now
    if abs(distance) < _A_MOMENT:
        return _patterns(language).now
    return localize_digits(_distance(round(distance.total_seconds() / 60), language), digits)


@lru_cache(maxsize=20_000)
def _distance(minutes: int, language: str) -> str:
    distance = timedelta(minutes=minutes)
    return format_timedelta(distance, granularity="minute", add_direction=True, locale=locale_of(language))
