"""What months and weekdays are called."""

from functools import lru_cache

from kariz.lib.locales import locale_of
from kariz.lib.text import fold

_JALALI = {
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "tr": "Ferverdin Ordibeheşt Hordad Tir Mordad Şehriver Mehr Aban Azer Dey Behmen Esfend",
    "en": "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand",
}
# People write these too; CLDR has one name a month.
_OTHER_NAMES = {"جولای": 7, "آگوست": 8, "می": 5, "sept": 9}
_LANGUAGES = ("fa", "tr", "en")


@lru_cache
def month_names(calendar: str, language: str, width: str = "wide") -> tuple[str, ...]:
    """The twelve months, `wide` or `abbreviated`. Nobody abbreviates those of the Jalali calendar."""
    if calendar == "jalali":
        return tuple(_JALALI.get(language, _JALALI["en"]).split())
    months = locale_of(language).months["stand-alone" if width == "wide" else "format"][width]
    return tuple([months[number] for number in range(1, 13)])


@lru_cache
def weekday_names(language: str, width: str = "wide") -> tuple[str, ...]:
    """The seven weekdays from Monday, `wide`, `abbreviated`, `short` or `narrow`."""
    days = locale_of(language).days["stand-alone"][width]
    return tuple([days[number] for number in range(7)])


@lru_cache
def known_months() -> dict[str, tuple[str, int]]:
    """Calendar and number of every month that Kariz's languages name, by its folded name."""
    found = {fold(name): ("gregorian", number) for name, number in _OTHER_NAMES.items()}
    for calendar, width in (("gregorian", "wide"), ("gregorian", "abbreviated"), ("jalali", "wide")):
        for language in _LANGUAGES:
            for number, name in enumerate(month_names(calendar, language, width), start=1):
                found[fold(name)] = (calendar, number)
    return found


@lru_cache
def known_weekdays() -> frozenset[str]:
    """The folded names of weekdays, which say nothing more beside a date."""
    return frozenset(
        fold(name)
        for language in _LANGUAGES
        for width in ("wide", "abbreviated")
        for name in weekday_names(language, width)
    )
