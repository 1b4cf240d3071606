"""Days and moments out of what people type."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from kariz.lib.calendars.days import NotADay, day_of, parts
from kariz.lib.calendars.names import known_months, known_weekdays
from kariz.lib.text import fold

LONGEST = 60
_JALALI_YEARS = range(1300, 1500)
_GREGORIAN_YEARS = range(1500, 10_000)
# A year of two digits is one of the last eighty or the next twenty.
_YEARS_AHEAD = 20

_RELATIVE = {
    "yesterday": -1, "today": 0, "tomorrow": 1,
    "دیروز": -1, "امروز": 0, "فردا": 1,
    "dun": -1, "bugun": 0, "yarin": 1,
}  # fmt: skip
_NUMERIC = re.compile(r"([0-9]{1,4})\s*([-/.])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,4})")
_WORD = re.compile(r"[0-9]+|[^\W\d_]+")
_SPACED_WEEKDAY = re.compile(r"(یک|دو|سه|چهار|پنج)\s+شنبه")
_NOISE = {"at", "of", "on", "st", "nd", "rd", "th", "ساعت", "saat", "ماه"}
_TIME = re.compile(
    r"(?:^|[\s,،]|(?<=[0-9])t)\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?|[قب]\.?ظ\.?)?\s*(?P<zone>z|[-+][0-9]{2}:?[0-9]{2})?$"
)


def parse_day(text: str, calendar: str, *, today: date, order: str = "dmy") -> date:
    """The day that `text` writes in any script, in words or numbers.

    A year of four digits tells its own calendar; `calendar` decides on years of two. `order` is `dmy` or `mdy`, which
    is only thought of between slashes. A time behind the day is left out.
    """
    plain = _plain(text)
    clock = _TIME.search(plain)
    return _day(plain[: clock.start()] if clock else plain, text, calendar, today, order)


def parse_moment(text: str, calendar: str, *, tz: tzinfo, now: datetime, order: str = "dmy") -> datetime:
    """The moment in UTC: a day and a time, a day alone (its midnight), or a time alone (today's)."""
    plain = _plain(text)
    clock = _TIME.search(plain)
    written = _without_noise(plain[: clock.start()]) if clock else plain
    today = now.astimezone(tz).date()
    day = today if clock and not written else _day(written, text, calendar, today, order)
    try:
        at, zone = _clock(clock) if clock else (time(), None)
        return datetime.combine(day, at, tzinfo=zone or tz).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotADay(text, "no_such_day") from None


def _plain(text: str) -> str:
    plain = fold(text).strip(" ,،")
    if len(plain) > LONGEST:
        raise NotADay(text)
    return plain


def _clock(found: re.Match[str]) -> tuple[time, tzinfo | None]:
    hour, half, zone = int(found["hour"]), (found["half"] or "")[:1], found["zone"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half in "pب" else 0)
    microsecond = int((found["fraction"] or "")[:6].ljust(6, "0"))
    at = time(hour, int(found["minute"]), int(found["second"] or 0), microsecond)
    return at, datetime.strptime(zone.upper(), "%z").tzinfo if zone else None


def _day(plain: str, text: str, calendar: str, today: date, order: str) -> date:
    try:
        plain = _without_noise(plain)
        if plain in _RELATIVE:
            return today + timedelta(_RELATIVE[plain])
        numeric = _NUMERIC.fullmatch(plain)
        return _numeric(numeric, calendar, today, order) if numeric else _named(plain, today)
    except NotADay as error:
        raise NotADay(text, error.code) from None


def _without_noise(plain: str) -> str:
    words = _SPACED_WEEKDAY.sub(r"\1شنبه", plain).split()
    skipped = _NOISE | known_weekdays()
    return " ".join(word for word in words if word.strip(",،.") not in skipped)


def _numeric(found: re.Match[str], calendar: str, today: date, order: str) -> date:
    first, mark, middle, last = found.groups()
    if len(first) == 4:
        return _dated(int(first), int(middle), int(last))
    if len(last) == 4:
        day, month = (middle, first) if order == "mdy" and mark == "/" else (first, middle)
        return _dated(int(last), int(month), int(day))
    if len(first) != 2 or len(last) != 2:
        raise NotADay(found[0])
    if calendar == "jalali" and mark != ".":
        return _dated(_full_year(int(first), calendar, today), int(middle), int(last))
    day, month = (middle, first) if order == "mdy" and mark == "/" else (first, middle)
    return _dated(_full_year(int(last), "gregorian", today), int(month), int(day))


def _full_year(year: int, calendar: str, today: date) -> int:
    latest = parts(today, calendar)[0] + _YEARS_AHEAD
    return latest - (latest - year) % 100


def _dated(year: int, month: int, day: int) -> date:
    if year in _JALALI_YEARS:
        return day_of(year, month, day, "jalali")
    if year in _GREGORIAN_YEARS:
        return day_of(year, month, day, "gregorian")
    raise NotADay(f"{year}-{month}-{day}", "no_such_day")


def _named(plain: str, today: date) -> date:
    """A day with its month in words: "2 آذر 1405", "Nov 23, 2026", "23 Kasım". Without a year it is this year's."""
    skipped = _NOISE | known_weekdays()
    words = [word for word in _WORD.findall(plain) if word not in skipped]
    days = [int(word) for word in words if word.isdecimal() and len(word) <= 2]
    years = [int(word) for word in words if word.isdecimal() and len(word) == 4]
    months = [known_months().get(word.removesuffix("ماه")) for word in words if not word.isdecimal()]
    if (
        len(months) != 1
        or months[0] is None
        or len(days) != 1
        or len(words) != 2 + len(years)
        or len(years) > 1
    ):
        raise NotADay(plain)
    calendar, month = months[0]
    year = years[0] if years else parts(today, calendar)[0]
    if year not in (_JALALI_YEARS if calendar == "jalali" else _GREGORIAN_YEARS):
        raise NotADay(plain, "no_such_day")
    return day_of(year, month, days[0], calendar)
