"""Amounts are understood as people write them, and written as they read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib import money
from kariz.lib.numbers import NotANumber

NBSP = "\u00a0"


def test_the_markets_currencies_are_offered_first_then_all_that_are_in_use() -> None:
    codes = money.currencies()

    assert codes[:4] == ["IRR", "TRY", "USD", "EUR"]
    assert {"CAD", "JPY", "CHF", "INR"} < set(codes)
    assert not {"TRL", "DEM", "XAU"} & set(codes)
    assert len(codes) == len(set(codes)) > 140


@pytest.mark.parametrize(("code", "places"), [("IRR", 0), ("TRY", 2), ("JPY", 0), ("KWD", 3), ("USD", 2)])
def test_each_currency_has_its_own_decimals(code: str, places: int) -> None:
    assert money.places(code) == places


def test_amounts_are_rounded_half_up_to_the_currencys_decimals() -> None:
    assert money.quantize(Decimal("2.345"), "USD") == Decimal("2.35")
    assert money.quantize(Decimal("2.5"), "IRR") == 3


def test_currencies_have_names_in_each_language() -> None:
    assert money.name("TRY", "tr") == "Türk lirası"
    assert money.name("IRR", "fa") == "ریال ایران"
    assert money.name("USD", "en") == "US Dollar"


@pytest.mark.parametrize(
    ("text", "amount", "code"),
    [
        ("1,200 USD", "1200", "USD"),
        ("USD 1,200.50", "1200.50", "USD"),
        ("₺1.200", "1200", "TRY"),
        ("1.200 TL", "1200", "TRY"),
        ("$5", "5", "USD"),
        ("-$5", "-5", "USD"),
        ("(5 €)", "-5", "EUR"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("۱۲۰۰ تومان", "12000", "IRR"),
        ("۱٬۲۰۰٬۰۰۰ ريال", "1200000", "IRR"),
        ("۲ میلیون تومان", "20000000", "IRR"),
        ("۲ میلیارد و ۵۰۰ میلیون ریال", "2500000000", "IRR"),
        ("۳ هزار میلیارد تومان", "30000000000000", "IRR"),
        ("5 bin TL", "5000", "TRY"),
        ("2,5 milyon lira", "2500000", "TRY"),
        ("1.5M", "1500000", "GBP"),
        ("10k", "10000", "GBP"),
        ("1.20", "1.20", "GBP"),
        ("1,234", "1234", "GBP"),
        ("100 دلار", "100", "USD"),
        ("100 درهم", "100", "AED"),
        ("CA$5", "5", "CAD"),
        ("5 CHF", "5", "CHF"),
    ],
)
def test_amounts_are_read_with_their_currency(text: str, amount: str, code: str) -> None:
    assert money.parse(text, "GBP") == (Decimal(amount), code)


def test_a_lone_separator_groups_thousands_unless_the_reader_says_that_it_is_the_decimal_mark() -> None:
    assert money.parse("1.250", "USD") == (Decimal(1250), "USD")
    assert money.parse("1.250", "USD", decimal=".") == (Decimal("1.25"), "USD")
    assert money.parse("1.250", "USD", decimal=",") == (Decimal(1250), "USD")


def test_a_dollar_is_the_default_currencys_own_where_that_is_a_dollar() -> None:
    assert money.parse("$5", "CAD") == (Decimal(5), "CAD")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("TL", "empty"),
        ("5 apples", "unknown_currency"),
        ("5 USD €", "two_currencies"),
        ("5 5 USD", "not_a_number"),
        ("a" * 100_000, "too_long"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, code: str) -> None:
    with pytest.raises(NotANumber) as refused:
        money.parse(text, "USD")
    assert (refused.value.code, refused.value.text) == (code, text)


@pytest.mark.parametrize(
    ("amount", "code", "language", "digits", "shown"),
    [
        ("1200000", "IRR", "fa", "persian", f"۱٬۲۰۰٬۰۰۰{NBSP}ریال"),
        ("1200000", "IRR", "en", "latin", f"IRR{NBSP}1,200,000"),
        ("1234.5", "USD", "en", "latin", "$1,234.50"),
        ("1234", "USD", "en", "latin", "$1,234"),
        ("-1234", "USD", "en", "latin", "-$1,234"),
        ("1234.5", "TRY", "tr", "latin", "₺1.234,50"),
        ("1234.5", "USD", "fa", "persian", f"\u200e${NBSP}۱٬۲۳۴٫۵۰"),
        ("5", "AED", "en", "latin", f"AED{NBSP}5"),
    ],
)
def test_amounts_are_shown_as_the_language_does(
    amount: str, code: str, language: str, digits: str, shown: str
) -> None:
    assert money.show(Decimal(amount), code, language=language, digits=digits) == shown


def test_rials_can_be_shown_as_tomans() -> None:
    show = money.show

    assert show(Decimal(1200000), "IRR", language="fa", digits="persian", toman=True) == f"۱۲۰٬۰۰۰{NBSP}تومان"
    assert show(Decimal(15), "IRR", language="tr", toman=True) == f"1,5{NBSP}Toman"
    assert show(Decimal(15), "USD", language="en", toman=True) == "$15"


def test_large_amounts_have_a_short_form() -> None:
    shown = money.show(
        Decimal(12_000_000_000), "IRR", language="fa", digits="persian", toman=True, compact=True
    )

    assert shown == f"۱٫۲{NBSP}میلیارد{NBSP}تومان"
    assert money.show(Decimal(-1_250_000), "USD", language="en", compact=True) == "-$1.2M"


@given(
    st.integers(min_value=-(10**12), max_value=10**12),
    st.sampled_from(["IRR", "TRY", "USD", "EUR", "GBP", "AED", "RUB", "IQD", "AFN", "AZN"]),
    st.sampled_from(["en", "tr", "fa"]),
    st.sampled_from(["latin", "persian"]),
    st.booleans(),
)
def test_what_is_shown_reads_back_the_same(
    units: int, code: str, language: str, digits: str, toman: bool
) -> None:
    amount = Decimal(units).scaleb(-money.places(code))
    shown = money.show(amount, code, language=language, digits=digits, toman=toman)

    assert money.parse(shown, "JPY") == (amount, code)
