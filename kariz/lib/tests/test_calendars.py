"""Days are read, shown and bounded in the Gregorian and in the Jalali calendar."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib import calendars
from kariz.lib.calendars import CALENDARS, PERIODS, NotADay, parse_day, parse_moment, show_day, show_moment

SATURDAY, MONDAY = 5, 0
TODAY = date(2026, 11, 23)  # a Monday, 2 Azar 1405
TEHRAN = ZoneInfo("Asia/Tehran")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

days = st.dates(date(1922, 1, 1), date(2099, 12, 31))
calendar_names = st.sampled_from(CALENDARS)
languages = st.sampled_from(["en", "tr", "fa"])
scripts = st.sampled_from(["latin", "persian"])


@given(st.dates(date(700, 1, 1), date(9000, 1, 1)), calendar_names)
def test_a_day_comes_back_from_its_parts(day: date, calendar: str) -> None:
    assert calendars.day_of(*calendars.parts(day, calendar), calendar) == day


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1357, 11, 22), date(1979, 2, 11)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1405, 9, 2), TODAY),
        ((1408, 12, 30), date(2030, 3, 20)),
    ],
)
def test_known_days_of_the_jalali_calendar(jalali: tuple[int, int, int], gregorian: date) -> None:
    assert calendars.day_of(*jalali, "jalali") == gregorian
    assert calendars.parts(gregorian, "jalali") == jalali


@pytest.mark.parametrize(
    ("parts", "calendar"),
    [((1404, 12, 30), "jalali"), ((1405, 13, 1), "jalali"), ((2026, 2, 29), "gregorian")],
)
def test_a_day_that_the_calendar_has_not_is_refused(parts: tuple[int, int, int], calendar: str) -> None:
    with pytest.raises(NotADay):
        calendars.day_of(*parts, calendar)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23", "2026/11/23", "23.11.2026", "23/11/2026", "23-11-2026", "۲۰۲۶-۱۱-۲۳", "23 Nov 2026",
        "Nov 23, 2026", "Monday, November 23, 2026", "23rd of November 2026", "23 Kasım 2026 Pazartesi",
        "23 KASIM 2026",
        "۲۳ نوامبر ۲۰۲۶", "23-Nov-2026", "23 kas", "1405/9/2", "1405-09-02", "۱۴۰۵/۰۹/۰۲", "2/9/1405",
        "۲ آذر ۱۴۰۵", "2 آذر",
        "دوشنبه ۲ آذرماه ۱۴۰۵", "دو شنبه 2 آذر 1405", "2 Azar 1405", "2 Azer 1405", "today", "امروز",
        "Bugün", "BUGÜN", "  2026-11-23  ",
        "2026-11-23 00:00:00", "2026-11-23T00:00:00", "23.11.26",
    ],
)  # fmt: skip
@pytest.mark.parametrize("calendar", CALENDARS)
def test_one_day_can_be_written_in_many_ways(text: str, calendar: str) -> None:
    assert parse_day(text, calendar, today=TODAY) == TODAY


@pytest.mark.parametrize(
    ("text", "offset"), [("tomorrow", 1), ("فردا", 1), ("yarın", 1), ("yesterday", -1), ("dün", -1)]
)
def test_days_are_named_relative_to_today(text: str, offset: int) -> None:
    assert parse_day(text, "gregorian", today=TODAY) == TODAY + timedelta(offset)


def test_the_calendar_decides_only_on_years_of_two_digits() -> None:
    assert parse_day("۰۵/۰۹/۰۲", "jalali", today=TODAY) == TODAY
    assert parse_day("99/12/30", "jalali", today=TODAY) == date(2021, 3, 20)
    assert parse_day("23/11/26", "gregorian", today=TODAY) == TODAY
    assert parse_day("23/11/50", "gregorian", today=TODAY) == date(1950, 11, 23)


def test_the_month_comes_first_only_between_slashes_and_when_asked_for() -> None:
    assert parse_day("11/23/2026", "gregorian", today=TODAY, order="mdy") == TODAY
    assert parse_day("23.11.2026", "gregorian", today=TODAY, order="mdy") == TODAY
    assert parse_day("2026/11/23", "gregorian", today=TODAY, order="mdy") == TODAY
    with pytest.raises(NotADay):
        parse_day("11/23/2026", "gregorian", today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "23", "2026", "November 2026", "31.02.2026", "1404/12/30", "0026-11-23", "23/11",
        "1/2-2026", "23 Foo 2026",
        "Kasım Nov 23 2026", "23 Nov 1405", "2 آذر 2026", "12:30", "1 2 Nov 2026", "99999-11-23", "x" * 10_000,
        "2026-11-23" + " x" * 50,
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotADay) as refused:
        parse_day(text, "gregorian", today=TODAY)
    assert refused.value.text == text


@given(st.text(alphabet="0123456789۰۱/.-: آذرنوTZ+", max_size=20), calendar_names)
def test_any_text_is_a_day_or_refused(text: str, calendar: str) -> None:
    with suppress(NotADay):
        assert parse_day(text, calendar, today=TODAY)
    with suppress(NotADay):
        assert parse_moment(text, calendar, tz=TEHRAN, now=NOW).tzinfo is UTC


@pytest.mark.parametrize(
    ("calendar", "language", "digits", "shown"),
    [
        ("gregorian", "en", "latin", ["2026-11-23", "Nov 23, 2026", "Monday, November 23, 2026"]),
        ("gregorian", "tr", "latin", ["23.11.2026", "23 Kas 2026", "23 Kasım 2026 Pazartesi"]),
        ("gregorian", "fa", "persian", ["۲۰۲۶/۱۱/۲۳", "۲۳ نوامبر ۲۰۲۶", "دوشنبه ۲۳ نوامبر ۲۰۲۶"]),
        ("jalali", "fa", "persian", ["۱۴۰۵/۰۹/۰۲", "۲ آذر ۱۴۰۵", "دوشنبه ۲ آذر ۱۴۰۵"]),
        ("jalali", "en", "latin", ["1405/09/02", "Azar 2, 1405", "Monday, Azar 2, 1405"]),
        ("jalali", "tr", "latin", ["1405/09/02", "2 Azer 1405", "2 Azer 1405 Pazartesi"]),
    ],
)
def test_days_are_shown_as_the_language_does(
    calendar: str, language: str, digits: str, shown: list[str]
) -> None:
    styles = ("short", "medium", "long")

    assert [show_day(TODAY, calendar, language, digits, style=style) for style in styles] == shown


@given(days, calendar_names, languages, scripts, st.sampled_from(["short", "medium", "long"]))
def test_a_shown_day_reads_back_the_same(
    day: date, calendar: str, language: str, digits: str, style: str
) -> None:
    assert parse_day(show_day(day, calendar, language, digits, style=style), calendar, today=TODAY) == day


@given(days, st.times(), calendar_names, languages, scripts, st.sampled_from(["short", "medium", "long"]))
def test_a_shown_moment_reads_back_the_same(
    day: date, at: object, calendar: str, language: str, digits: str, style: str
) -> None:
    moment = datetime.combine(day, at).replace(second=0, microsecond=0, tzinfo=UTC)  # type: ignore[arg-type]
    shown = show_moment(moment, calendar, language, digits, style=style)

    assert parse_moment(shown, calendar, tz=UTC, now=NOW) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1405/9/2 14:30", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
        ("۲ آذر ۱۴۰۵، ساعت ۱۴:۳۰", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
        ("2026-11-23 14:30:15", datetime(2026, 11, 23, 11, 0, 15, tzinfo=UTC)),
        ("2026-11-23T14:30:15.25Z", datetime(2026, 11, 23, 14, 30, 15, 250_000, tzinfo=UTC)),
        ("2026-11-23T14:30:00+02:00", datetime(2026, 11, 23, 12, 30, tzinfo=UTC)),
        ("Nov 23, 2026 2:30 PM", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
        ("۲ آذر ۱۴۰۵ ۲:۳۰ ب.ظ", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
        ("12:15 am", datetime(2026, 11, 22, 20, 45, tzinfo=UTC)),
        ("14:30", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
        ("yarın 9:05", datetime(2026, 11, 24, 5, 35, tzinfo=UTC)),
        ("2026-11-23", datetime(2026, 11, 22, 20, 30, tzinfo=UTC)),
    ],
)
def test_moments_are_read_where_the_reader_lives_and_kept_in_utc(text: str, moment: datetime) -> None:
    assert parse_moment(text, "jalali", tz=TEHRAN, now=NOW) == moment


@pytest.mark.parametrize(
    "text", ["2026-11-23 25:00", "2026-11-23 12:60", "13:00 pm", "soon 12:00", "", "9999-12-31 23:59-10:00"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(NotADay):
        parse_moment(text, "gregorian", tz=TEHRAN, now=NOW)


@given(days, calendar_names, st.integers(1, 12), st.integers(0, 6))
def test_every_period_holds_its_day_and_meets_the_next(
    day: date, calendar: str, start_month: int, weekday: int
) -> None:
    every: list[Callable[[date], tuple[date, date]]] = [
        lambda one: calendars.week_bounds(one, weekday),
        lambda one: calendars.month_bounds(one, calendar),
        lambda one: calendars.quarter_bounds(one, calendar),
        lambda one: calendars.year_bounds(one, calendar),
        lambda one: calendars.fiscal_year_bounds(one, calendar, start_month),
    ]
    for bounds in every:
        start, end = bounds(day)
        assert start <= day < end
        assert bounds(start) == bounds(end - timedelta(1)) == (start, end)
        assert bounds(end)[0] == end


def test_periods_have_the_calendars_own_bounds() -> None:
    assert calendars.month_bounds(TODAY, "gregorian") == (date(2026, 11, 1), date(2026, 12, 1))
    assert calendars.month_bounds(TODAY, "jalali") == (date(2026, 11, 22), date(2026, 12, 22))
    assert calendars.quarter_bounds(TODAY, "jalali") == (date(2026, 9, 23), date(2026, 12, 22))
    assert calendars.year_bounds(TODAY, "jalali") == (date(2026, 3, 21), date(2027, 3, 21))
    assert calendars.fiscal_year_bounds(TODAY, "gregorian", 4) == (date(2026, 4, 1), date(2027, 4, 1))
    assert calendars.fiscal_year_bounds(date(2026, 2, 1), "gregorian", 4) == (
        date(2025, 4, 1),
        date(2026, 4, 1),
    )
    assert calendars.week_bounds(TODAY, SATURDAY) == (date(2026, 11, 21), date(2026, 11, 28))


@pytest.mark.parametrize("day", [date.min, date(622, 3, 21), date.max])
@pytest.mark.parametrize("calendar", CALENDARS)
def test_days_at_the_ends_of_time_have_bounds_and_can_be_shown(day: date, calendar: str) -> None:
    start, end = calendars.year_bounds(day, calendar)

    assert start <= day <= end
    assert str(day.year) in show_day(day, calendar, "en", "latin")
    assert calendars.quarter_label(day, calendar, "fa", "latin")


def test_an_end_of_time_that_a_file_holds_reads_back_the_same() -> None:
    shown = show_day(date.max, "jalali", "fa", "persian")

    assert parse_day(shown, "jalali", today=TODAY) == date.max


@given(days, st.integers(-60, 60), calendar_names)
def test_shifting_by_months_keeps_the_day_or_takes_the_months_last(day: date, n: int, calendar: str) -> None:
    year, month, of_month = calendars.parts(day, calendar)
    shifted = calendars.parts(calendars.shift_month(day, n, calendar), calendar)

    assert shifted[0] * 12 + shifted[1] == year * 12 + month + n
    assert shifted[2] == of_month or (shifted[2] < of_month and shifted[2] >= 28)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("today", date(2026, 11, 23), date(2026, 11, 24)),
        ("yesterday", date(2026, 11, 22), date(2026, 11, 23)),
        ("tomorrow", date(2026, 11, 24), date(2026, 11, 25)),
        ("this_week", date(2026, 11, 23), date(2026, 11, 30)),
        ("last_week", date(2026, 11, 16), date(2026, 11, 23)),
        ("next_week", date(2026, 11, 30), date(2026, 12, 7)),
        ("this_month", date(2026, 11, 1), date(2026, 12, 1)),
        ("last_month", date(2026, 10, 1), date(2026, 11, 1)),
        ("next_month", date(2026, 12, 1), date(2027, 1, 1)),
        ("this_quarter", date(2026, 10, 1), date(2027, 1, 1)),
        ("last_quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("next_quarter", date(2027, 1, 1), date(2027, 4, 1)),
        ("this_year", date(2026, 1, 1), date(2027, 1, 1)),
        ("last_year", date(2025, 1, 1), date(2026, 1, 1)),
        ("next_year", date(2027, 1, 1), date(2028, 1, 1)),
        ("this_fiscal_year", date(2026, 7, 1), date(2027, 7, 1)),
        ("last_fiscal_year", date(2025, 7, 1), date(2026, 7, 1)),
        ("last_n_days", date(2026, 11, 17), date(2026, 11, 24)),
        ("next_n_days", date(2026, 11, 23), date(2026, 11, 30)),
        ("past", None, date(2026, 11, 23)),
        ("due", None, date(2026, 11, 24)),
        ("older_than_n_days", None, date(2026, 11, 16)),
        ("in_more_than_n_days", date(2026, 12, 1), None),
    ],
)
def test_the_periods_of_filters_become_two_days(name: str, start: date | None, end: date | None) -> None:
    found = calendars.period_bounds(
        name, 7, today=TODAY, calendar="gregorian", first_weekday=MONDAY, fiscal_start_month=7
    )

    assert found == (start, end)


@given(st.sampled_from(sorted(PERIODS)), st.integers(), days, calendar_names)
def test_no_number_of_days_is_too_large_to_ask_for(name: str, n: int, today: date, calendar: str) -> None:
    start, end = calendars.period_bounds(
        name, n, today=today, calendar=calendar, first_weekday=MONDAY, fiscal_start_month=1
    )

    assert start is None or end is None or start <= end


@given(days, calendar_names, st.integers(0, 6))
def test_a_months_grid_holds_each_of_its_days_once_under_its_weekday(
    day: date, calendar: str, weekday: int
) -> None:
    year, month, _ = calendars.parts(day, calendar)
    weeks = calendars.month_grid(year, month, calendar, weekday)
    start, end = calendars.month_bounds(day, calendar)

    assert [one for week in weeks for one in week if one] == [
        start + timedelta(n) for n in range((end - start).days)
    ]
    assert all(len(week) == 7 and any(week) for week in weeks)
    assert all(
        one is None or one.weekday() == (weekday + n) % 7 for week in weeks for n, one in enumerate(week)
    )


def test_months_weekdays_and_quarters_have_names() -> None:
    assert calendars.month_names("jalali", "fa")[8] == "آذر"
    assert calendars.month_names("gregorian", "tr")[10] == "Kasım"
    assert calendars.weekday_names("fa")[0] == "دوشنبه"
    assert calendars.weekday_names("en", "narrow")[:2] == ("M", "T")
    assert calendars.month_label(TODAY, "jalali", "fa", "persian") == "آذر ۱۴۰۵"
    assert calendars.month_label(TODAY, "gregorian", "en", "latin") == "November 2026"
    assert calendars.quarter_label(TODAY, "jalali", "fa", "persian") == "پاییز ۱۴۰۵"
    assert calendars.quarter_label(TODAY, "gregorian", "fa", "persian") == "سه‌ماههٔ چهارم ۲۰۲۶"
    assert calendars.quarter_label(TODAY, "gregorian", "tr", "latin") == "2026 Ç4"
    assert calendars.quarter_label(TODAY, "gregorian", "en", "latin") == "Q4 2026"


@pytest.mark.parametrize(
    ("distance", "language", "shown"),
    [
        (timedelta(days=-3), "en", "3 days ago"),
        (timedelta(hours=2), "en", "in 2 hours"),
        (timedelta(days=-3), "tr", "3 gün önce"),
        (timedelta(days=-3), "fa", "3 روز پیش"),
        (timedelta(seconds=-5), "en", "just now"),
        (timedelta(seconds=20), "tr", "az önce"),
        (timedelta(days=-800), "en", "2 years ago"),
    ],
)
def test_moments_are_told_by_their_distance(distance: timedelta, language: str, shown: str) -> None:
    assert calendars.relative(NOW + distance, NOW, language) == shown


def test_distances_have_the_readers_digits() -> None:
    assert calendars.relative(NOW - timedelta(days=3), NOW, "fa", "persian") == "۳ روز پیش"
