"""Amounts with their currency: read from what people type, rounded as the currency is, shown as a language does."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_name, get_currency_precision, get_currency_symbol

from kariz.lib import numbers
from kariz.lib.locales import locale_of
from kariz.lib.numbers import NotANumber
from kariz.lib.text import fold

FIRST = ("IRR", "TRY", "USD", "EUR", "AED", "GBP", "RUB", "CNY", "IQD", "AFN", "AZN")
RIALS_PER_TOMAN = 10
LONGEST = 100
NBSP = "\u00a0"

_TOMAN_WORDS = {"تومان", "تومن", "toman", "tomans", "tuman", "tumen"}
_WORDS = {
    "IRR": "ریال rial rials riyal",
    "TRY": "₺ tl lira lirasi turk لیر لیره",
    "USD": "us $ dollar dollars dolar دلار",
    "EUR": "€ euro euros avro یورو",
    "GBP": "£ pound pounds sterlin sterling پوند",
    "AED": "dirham dirhams dirhem درهم امارات",
    "RUB": "₽ ruble rubles روبل",
    "CNY": "yuan یوان",
    "IQD": "dinar dinars دینار",
    "AFN": "؋ afghani afgani افغانی",
    "AZN": "₼ manat منات",
    "JPY": "¥ yen ین",
}
_CODES = {word: code for code, words in _WORDS.items() for word in words.split()}
_SCALES = {
    word: Decimal(10) ** power
    for power, words in {
        3: "k bin thousand هزار",
        6: "m mn milyon million میلیون ملیون",
        9: "bn mr mlr milyar milyard billion میلیارد ملیارد",
        12: "tn trilyon trillion تریلیون",
    }.items()
    for word in words.split()
}
_WORD = re.compile(r"[a-z]*[$£¥؋\u20a0-\u20cf][a-z]*|[^\W\d_]+")
# "2 million and 500 thousand": the parts are added.
_AND = re.compile(r"\s(?:و|ve|and)\s")


def currencies() -> list[str]:
    """The codes offered: those of Kariz's markets first, then every currency that is legal tender today."""
    return list(_currencies())


@lru_cache
def _currencies() -> tuple[str, ...]:
    territories = get_global("territory_currencies").values()
    current = {code for held in territories for code, _, end, is_tender in held if end is None and is_tender}
    return (*FIRST, *sorted(current.difference(FIRST)))


@lru_cache
def places(code: str) -> int:
    """How many decimals amounts of this currency have."""
    return get_currency_precision(code)


def quantize(amount: Decimal, code: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places(code)), ROUND_HALF_UP)


def name(code: str, language: str) -> str:
    return get_currency_name(code, locale=locale_of(language))


def show(
    amount: Decimal,
    code: str,
    *,
    language: str,
    digits: str = "latin",
    toman: bool = False,
    compact: bool = False,
) -> str:
    """The amount with its symbol, decimals only where it has some; rials as tomans where `toman` says so."""
    is_toman = toman and code == "IRR"
    value = quantize(Decimal(amount), code)
    value = value / RIALS_PER_TOMAN if is_toman else value
    size = abs(value)
    if compact:
        text = numbers.compact(size, language, digits)
    else:
        decimals = 0 if size == size.to_integral_value() else 1 if is_toman else places(code)
        text = numbers.show(size, language=language, digits=digits, places=decimals)
    before, after = _around("TOMAN" if is_toman else code, language)
    minus = numbers.minus_sign(language, digits) if value < 0 else ""
    return f"{minus}{before}{text}{after}"


def sign(code: str, language: str) -> str:
    """What stands beside an amount that is being typed: ₺, USD's $, ریال."""
    return "".join(_around(code, language)).strip().strip(NBSP)


@lru_cache
def _around(code: str, language: str) -> tuple[str, str]:
    """What stands before and after an amount. A symbol made of letters keeps a space from the digits."""
    if code == "TOMAN":
        return "", NBSP + ("تومان" if language == "fa" else "Toman")
    if (code, language) == ("IRR", "fa"):
        return "", NBSP + "ریال"  # CLDR's pattern would put it before the amount, where nobody writes it.
    locale = locale_of(language)
    symbol = get_currency_symbol(code, locale=locale)
    pattern = locale.currency_formats["standard"].pattern.partition(";")[0]
    before, after = re.split("[#0,.]+", pattern)
    if symbol[-1:].isalpha() and before.endswith("¤"):
        before += NBSP
    return before.replace("¤", symbol), after.replace("¤", symbol)


def parse(text: str, default_code: str, *, decimal: str | None = None) -> tuple[Decimal, str]:
    """The amount and currency of "1,200 USD", "₺1.200", "۲ میلیون تومان", "1.5M"; tomans become rials.

    `decimal`, the reader's own mark, decides whether 1.200 has decimals; without it, it has none.
    """
    if len(text) > LONGEST:
        raise NotANumber(text, "too_long")
    parts = _AND.split(fold(text))
    words = [word for part in parts for word in _WORD.findall(part) if word not in _SCALES]
    code, factor = _currency(text, words, default_code)
    try:
        return sum((_part(part, decimal) for part in parts), Decimal()) * factor, code
    except NotANumber as error:
        raise NotANumber(text, error.code) from None


def _currency(text: str, words: list[str], default_code: str) -> tuple[str, int]:
    """The currency that `words` name, and how many of it make one of theirs."""
    named = {"IRR" if word in _TOMAN_WORDS else _code(word, default_code) for word in words}
    if "" in named or len(named) > 1:
        raise NotANumber(text, "unknown_currency" if "" in named else "two_currencies")
    return named.pop() if named else default_code, RIALS_PER_TOMAN if _TOMAN_WORDS.intersection(words) else 1


def _code(word: str, default_code: str) -> str:
    """The currency of a word or sign, "" where there is none. Where the default is a dollar, $ is that one."""
    if len(word) == 1 and get_currency_symbol(default_code, locale="en").endswith(word):
        return default_code
    return _CODES.get(word) or _codes_of_signs().get(word, "")


@lru_cache
def _codes_of_signs() -> dict[str, str]:
    """Every currency by its folded code and by the signs that CLDR has for it."""
    signs = {
        fold(get_currency_symbol(code, locale=locale)): code
        for locale in ("fa", "tr", "en")
        for code in _currencies()
    }
    return signs | {code.lower(): code for code in _currencies()}


def _part(part: str, decimal: str | None) -> Decimal:
    """An amount without its currency: a number, and the thousands or millions that stand behind it."""
    scale = math.prod(_SCALES.get(word, Decimal(1)) for word in _WORD.findall(part))
    number = _WORD.sub("", part)
    # Few amounts have three decimals by themselves: a lone separator groups. In 1.250 million it is the decimal mark.
    own, other = (".", ",") if "." in number else (",", ".")
    return numbers.parse(number, decimal=own if scale != 1 else decimal or other) * scale
