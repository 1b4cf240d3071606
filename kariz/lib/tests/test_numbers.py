"""Numbers are read however they are written, and shown as the reader writes them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib.numbers import NotANumber, compact, localize_digits, parse, parse_percent, show


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,5", "1.5"),
        ("۱٬۰۰۰٫۵", "1000.5"),
        ("٣٤", "34"),
        ("1 234 567,8", "1234567.8"),
        ("1\u00a0234", "1234"),
        ("1'234.5", "1234.5"),
        ("1’234", "1234"),
        ("-5", "-5"),
        ("5-", "-5"),
        ("(5)", "-5"),
        ("+5", "5"),
        ("\u200e−۱۲", "-12"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0.125", "0.125"),
        ("12345,678", "12345.678"),
        ("007", "7"),
    ],
)
@pytest.mark.parametrize("decimal", [".", ",", None])
def test_most_writings_say_themselves_what_they_mean(text: str, number: str, decimal: str | None) -> None:
    assert parse(text, decimal) == Decimal(number)


def test_the_readers_own_mark_decides_on_a_lone_separator_before_three_digits() -> None:
    assert parse("1.234") == parse("1.234", ".") == Decimal("1.234")
    assert parse("1.234", ",") == 1234
    assert parse("1,234") == parse("1,234", ".") == 1234
    assert parse("1,234", ",") == Decimal("1.234")


@pytest.mark.parametrize(
    "text",
    ["", "  ", "abc", "1,2,3", "1.23.456", "12 34", "1,234,56", "--5", "(-5)",
     "5-5", ".", "1e5", "NaN", "1_000", "1٫2٫3"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumber) as refused:
        parse(text)
    assert refused.value.text == text
    assert refused.value.code in ("empty", "not_a_number")


def test_endless_digits_are_refused() -> None:
    with pytest.raises(NotANumber) as refused:
        parse("9" * 100_000)
    assert refused.value.code == "too_long"


@pytest.mark.parametrize("text", ["12.5%", "%12.5", "۱۲٫۵٪", "12,5 %", "12.5"])
def test_percent_signs_may_stand_on_either_side(text: str) -> None:
    assert parse_percent(text) == Decimal("12.5")


@pytest.mark.parametrize(
    ("value", "language", "digits", "shown"),
    [
        (1234567, "en", "latin", "1,234,567"),
        (Decimal("1234.50"), "tr", "latin", "1.234,5"),
        (1234.5, "fa", "persian", "۱٬۲۳۴٫۵"),
        (1234.5, "fa", "latin", "1,234.5"),
        (-5, "en", "latin", "-5"),
        (-5, "fa", "persian", "\u200e−۵"),
        (100, "en", "latin", "100"),
        (0, "tr", "latin", "0"),
        (Decimal("-0.0000001"), "en", "latin", "0"),
    ],
)
def test_numbers_are_grouped_as_the_language_does(
    value: Decimal, language: str, digits: str, shown: str
) -> None:
    assert show(value, language=language, digits=digits) == shown


def test_decimals_can_be_fixed() -> None:
    assert show(5, language="tr", places=2) == "5,00"
    assert show(Decimal("2.345"), language="en", places=0) == "2"


@given(
    st.decimals(min_value=-(10**15), max_value=10**15, places=4),
    st.sampled_from(
        [("en", "latin", "."), ("tr", "latin", ","), ("fa", "persian", "."), ("fa", "latin", ".")]
    ),
)
def test_what_is_shown_reads_back_the_same(value: Decimal, reader: tuple[str, str, str]) -> None:
    language, digits, decimal = reader

    assert parse(show(value, language=language, digits=digits), decimal) == value


@given(st.text(max_size=50))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with suppress(NotANumber):
        assert parse(text).is_finite()


def test_digits_go_both_ways() -> None:
    assert localize_digits("Q4 2026", "persian") == "Q۴ ۲۰۲۶"
    assert localize_digits("۱۴۰۵/٠٩", "latin") == "1405/09"


def test_large_numbers_have_a_short_form() -> None:
    assert compact(1_234_567, "en") == "1.2M"
    assert compact(1_234_567_890, "fa", "persian") == "۱٫۲\u00a0میلیارد"
    assert compact(Decimal(1_200_000), "tr") == "1,2\u00a0Mn"
