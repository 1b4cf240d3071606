"""Numbers as people write and read them: any digits, signs and separators in; the reader's own out."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_compact_decimal

from kariz.lib.locales import locale_of

LONGEST = 40
MOST_PLACES = 6
PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"

_TO_PERSIAN = str.maketrans("0123456789", PERSIAN_DIGITS)
# Each sign gets its one form; the marks of direction, which right-to-left texts carry around a minus, go.
_PLAIN = str.maketrans("−–٬’،\u00a0\u202f\u2009", "--'''   ", "\u200e\u200f\u061c\u2066\u2067\u2068\u2069")
_SIGNED = re.compile(r"(?P<minus>-)?\+?(?P<body>[^-+()]+)(?P<behind>-)?|\((?P<bracketed>[^-+()]+)\)")
_WHOLE = re.compile(r"[0-9]{1,3}(?:([ ',.])[0-9]{3}(?:\1[0-9]{3})*)?|[0-9]*")
_FRACTION = re.compile(r"[0-9]*")
_LIKE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


class NotANumber(ValueError):
    """`text` cannot be read as a number; `code` says why, such as `empty` or `too_long`."""

    def __init__(self, text: str, code: str = "not_a_number") -> None:
        super().__init__(code, text)
        self.text = text
        self.code = code


def parse(text: str, decimal: str | None = None) -> Decimal:
    """The number that `text` writes.

    `decimal` is the reader's own mark; it decides only whether 1.234 is about one or above a thousand.
    """
    plain = localize_digits(text, "latin").translate(_PLAIN).strip()
    if not plain:
        raise NotANumber(text, "empty")
    if len(plain) > LONGEST:
        raise NotANumber(text, "too_long")
    signed = _SIGNED.fullmatch(plain)
    if not signed or (signed["minus"] and signed["behind"]):
        raise NotANumber(text)
    number = _unsigned((signed["body"] or signed["bracketed"]).strip(), decimal or ".")
    if number is None:
        raise NotANumber(text)
    return number if signed["body"] and not signed["minus"] and not signed["behind"] else -number


def _unsigned(body: str, decimal: str) -> Decimal | None:
    mark = _decimal_mark(body, decimal)
    whole, _, fraction = body.rpartition(mark) if mark else (body, "", "")
    if not _WHOLE.fullmatch(whole) or not _FRACTION.fullmatch(fraction) or not (whole or fraction):
        return None
    return Decimal(re.sub("[^0-9]", "", whole) + "." + fraction)


def _decimal_mark(body: str, decimal: str) -> str:
    """The character before the fraction, "" where there is none."""
    if "٫" in body:
        return "٫"
    marks = [character for character in body if character in ".,"]
    if not marks or (len(marks) > 1 and len(set(marks)) == 1):
        return ""
    if len(marks) == 1 and marks[0] != decimal and _LIKE_THOUSANDS.fullmatch(body):
        return ""
    return marks[-1]


def parse_percent(text: str, decimal: str | None = None) -> Decimal:
    """As `parse`, with a percent sign on either side: 12.5 for "12.5%"."""
    return parse(text.replace("٪", "%").strip().removeprefix("%").removesuffix("%"), decimal)


def localize_digits(text: str, digits: str) -> str:
    """`text` with its digits `latin` or `persian`."""
    if not text.isascii():
        text = "".join([str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text])
    return text.translate(_TO_PERSIAN) if digits == "persian" else text


@lru_cache
def _signs(language: str, digits: str) -> dict[int, str]:
    """What Python's own separators and digits become for this reader."""
    symbols = locale_of(language).number_symbols["arabext" if digits == "persian" else "latn"]
    signs = str.maketrans({",": symbols["group"], ".": symbols["decimal"], "-": symbols["minusSign"]})
    return signs | _TO_PERSIAN if digits == "persian" else signs


def show(value: Decimal | float, *, language: str, digits: str = "latin", places: int | None = None) -> str:
    """The number grouped, with exactly `places` decimals, or with those that it has."""
    text = f"{value:,.{MOST_PLACES if places is None else places}f}"
    if places is None:
        text = text.rstrip("0").rstrip(".")
    return (text if text.strip("-0.,") else text.removeprefix("-")).translate(_signs(language, digits))


def minus_sign(language: str, digits: str = "latin") -> str:
    return _signs(language, digits)[ord("-")]


def compact(value: Decimal | float, language: str, digits: str = "latin") -> str:
    """The number in few characters: 1.2M, ۱٫۲ میلیارد, 1,2 Mn."""
    system = "arabext" if digits == "persian" else "latn"
    shown = format_compact_decimal(
        value, locale=locale_of(language), fraction_digits=1, numbering_system=system
    )
    return localize_digits(shown, digits)
