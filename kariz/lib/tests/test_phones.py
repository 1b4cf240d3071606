"""Phone numbers are one number however they are typed, and are found by any of its writings."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib import phones
from kariz.lib.phones import NotAPhone


@pytest.mark.parametrize(
    "text",
    [
        "02188881234", "021 8888 1234", "+98 21 8888 1234", "0098 21 88881234", "(021) 8888-1234",
        "+98 (0)21 88881234",
        "۰۲۱-۸۸۸۸۱۲۳۴", "٠٢١٨٨٨٨١٢٣٤", "\u202a+98 21 8888 1234\u202c", "021-88881234 / 021-88885678",
        "02188881234، 02188885678",
        "982188881234", "02188881234 (دفتر)",
    ],
)  # fmt: skip
def test_one_number_can_be_typed_in_many_ways(text: str) -> None:
    found = phones.parse(text, "IR")

    assert (found.typed, found.e164, found.extension) == (text, "+982188881234", "")


@pytest.mark.parametrize(
    "text",
    [
        "02188881234 داخلی 12", "02188881234 داخلي ۱۲", "021 8888 1234 dahili: 12", "021 8888 1234 ext. 12",
        "021 8888 1234 x12", "021 8888 1234 #12", "+982188881234;ext=12", "021 8888 1234 (داخلی 12)",
        "021 8888 1234 extension 12",
    ],
)  # fmt: skip
def test_extensions_are_told_from_the_number(text: str) -> None:
    found = phones.parse(text, "IR")

    assert (found.e164, found.extension) == ("+982188881234", "12")


def test_numbers_are_dialled_in_the_readers_region() -> None:
    assert phones.parse("0532 123 45 67", "TR").e164 == "+905321234567"
    assert phones.parse("444 0 123", "TR").e164 == "+904440123"
    assert phones.parse("+90 532 123 45 67", "IR").e164 == "+905321234567"


@pytest.mark.parametrize(
    "text", ["", "none", "123", "88881234", "+", "021", "1" * 40, "a@b.com", "۰" * 20, "/02188881234"]
)
def test_what_cannot_be_dialled_is_refused(text: str) -> None:
    with pytest.raises(NotAPhone):
        phones.parse(text, "IR")


def test_numbers_are_shown_nationally_at_home_and_with_their_country_elsewhere() -> None:
    assert phones.show("+982188881234", "IR") == "021 8888 1234"
    assert phones.show("+982188881234", "TR") == "+98 21 8888 1234"
    assert phones.show("+905321234567", "TR") == "0532 123 45 67"
    assert phones.show("02188881234 داخلی 12", "IR") == "021 8888 1234 x12"
    assert phones.show("ask Sara", "IR") == "ask Sara"


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with suppress(NotAPhone):
        assert phones.parse(text, "TR").e164.startswith("+")


@pytest.mark.parametrize(
    "query",
    [
        "021 8888",
        "8888 12",
        "+98 21 888",
        "0098 2188",
        "۰۲۱۸۸۸۸",
        "(021) 8888-1234",
        "+98 (0)21 88881234",
        "881234",
    ],
)
def test_any_part_of_a_number_finds_it(query: str) -> None:
    wanted = phones.query_digits(query)

    assert wanted
    assert wanted in phones.search_digits("021-88881234 داخلی 12", "IR")


@pytest.mark.parametrize("query", ["", "ali", "ali 0912", "GTX 5000", "2026/11/23", "5%", "a@b.com", "-"])
def test_other_queries_are_no_phone_numbers(query: str) -> None:
    assert phones.query_digits(query) is None


def test_a_short_query_keeps_its_zeros() -> None:
    assert phones.query_digits("007") == "007"


def test_a_number_that_cannot_be_dialled_is_still_found_by_its_digits() -> None:
    assert phones.search_digits("8888-1234", "IR") == "88881234"


def _examples(shared_data: Path) -> list[tuple[str, dict[str, str]]]:
    regions = json.loads(next((shared_data / "phones").glob("*.json")).read_text())
    return [(region, example) for region, facts in regions.items() for example in facts["examples"].values()]


def test_the_numbering_plans_own_examples_are_read_from_home_and_abroad(shared_data: Path) -> None:
    examples = _examples(shared_data)

    assert len(examples) > 60
    for region, example in examples:
        for text, dialled_in in (
            (example["national"], region),
            (example["e164"], "IR"),
            (example["international"], "TR"),
            (example["rfc3966"].removeprefix("tel:"), "US"),
            (example["out_of_TR"], "TR"),
            (example["out_of_IR"], "IR"),
        ):
            assert phones.parse(text, dialled_in).e164 == example["e164"], (text, dialled_in)


def test_the_numbering_plans_own_examples_are_found_by_what_is_dialled(shared_data: Path) -> None:
    for region, example in _examples(shared_data):
        held = phones.search_digits(example["e164"], region)
        for query in (example["national"], example["international"], example["out_of_IR"]):
            if region == "IR" or query != example["out_of_IR"]:
                assert (phones.query_digits(query) or "?") in held, query
