"""Numbers in cells of workbooks as texts that fields read alike in every language: days, times, percentages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

PLAIN, DAY, TIME, DURATION, PERCENT = "plain", "day", "time", "duration", "percent"

# The formats that every workbook knows by number.
_KNOWN = {
    **dict.fromkeys((9, 10), PERCENT),
    **dict.fromkeys((*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)), DAY),
    **dict.fromkeys((*range(18, 22), 32, 33, 45, 47), TIME),
    46: DURATION,
}
# What a format says literally or of colours, conditions and languages; elapsed time is in brackets too.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_LIKE_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")

_BEFORE_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a clock on the wall, wherever that is
_BEFORE_MARCH_1900 = datetime(1899, 12, 31)  # noqa: DTZ001 - Excel believes in 29 February 1900
_BEFORE_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_DAY = 2_958_466


def kind_of(number: str, code: str) -> str:
    """What values of a format are; `code` is empty for the formats that are known by their number."""
    if not code:
        return _KNOWN.get(int(number), PLAIN) if number.isdecimal() else PLAIN
    if _ELAPSED.search(code):
        return DURATION
    bare = _LITERAL.sub("", code).split(";")[0].lower()
    if "general" in bare or not re.search("[ydmhs%]", bare):
        return PLAIN
    if "%" in bare:
        return PERCENT
    return TIME if re.search("[hs]", bare) and not re.search("[yd]", bare) else DAY


def text_of(written: str, kind: str, *, is_1904: bool = False) -> str:
    """The text of a number: 25% for 0.25, 2026-11-23 for a day, with the time where there is one."""
    if kind == PLAIN and written.isdecimal():
        return written
    try:
        number = Decimal(written.strip())
    except InvalidOperation:
        return written
    if not number.is_finite() or abs(number.adjusted()) > 30:
        return written
    if kind == PERCENT:
        return plain(number * 100) + "%"
    if kind == PLAIN or not 0 <= number < _LAST_DAY:
        return plain(number)
    return _moment(number, kind, is_1904=is_1904)


def plain(number: Decimal) -> str:
    """The number without thousands, with a point, as precise as Excel is; never like one above a thousand.

    A point before three digits is read as that of the thousands where the comma is the decimal mark, so that 1.234 gets
    another digit: 1.2340.
    """
    text = format(Decimal(format(number, ".15g")), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text in ("-0", "") else text
    return text + "0" if _LIKE_THOUSANDS.fullmatch(text) else text


def _moment(number: Decimal, kind: str, *, is_1904: bool) -> str:
    seconds = int((number * 86_400).to_integral_value())
    if kind == DURATION or (kind == TIME and seconds < 86_400):
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    first = _BEFORE_1904 if is_1904 else _BEFORE_MARCH_1900 if number < 60 else _BEFORE_1900
    moment = first + timedelta(seconds=seconds)
    return moment.date().isoformat() if moment.time() == moment.min.time() else moment.isoformat(" ")
