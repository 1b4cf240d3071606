"""The CLDR data of a language, by the code that Django has for it."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache
def locale_of(language: str) -> Locale:
    """Babel's locale of `language`; English where CLDR knows none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
