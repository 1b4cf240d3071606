"""The CLDR data of a language, by the code that Django has for it."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from kariz.lib.text import sort_key

# What CLDR names besides countries: unions, an unknown region, texts written from right to left for tests.
NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


@lru_cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Code and name of every country, in the order of the language."""
    known = locale_of(language).territories.items()
    named = (
        (code, name) for code, name in known if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    )
    return tuple(sorted(named, key=lambda pair: sort_key(pair[1], language)))


@lru_cache
def locale_of(language: str) -> Locale:
    """Babel's locale of `language`; English where CLDR knows none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
