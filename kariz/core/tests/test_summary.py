"""Counts and sums by group."""

from datetime import date
from decimal import Decimal

import pytest

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core import records
from kariz.core.summary import summarize


@pytest.fixture
def ships(make_ship):
    make_ship(
        kind="tug", price="10.50", currency="USD", built_on="2026-03-10", sails_at="2026-03-20T20:00:00Z"
    )
    make_ship(kind="tug", price="5", currency="USD", built_on="2026-03-25", sails_at="2026-03-20T21:00:00Z")
    make_ship(kind="tug", price="7", currency="TRY", built_on=None)
    make_ship(kind="ferry", built_on="2026-04-01")


def table(ship, **options):
    groups = summarize(ship, records.visible(ship, None), **options)
    return {
        group.keys[0] if len(group.keys) == 1 else group.keys: (group.count, group.sums) for group in groups
    }


def test_amounts_are_summed_by_currency_and_never_across(ship, ships):
    found = table(ship, group_by=["kind"], sums=["price"])
    assert found["tug"] == (3, {"price": {"USD": Decimal("15.5"), "TRY": Decimal(7)}})
    assert found["ferry"] == (1, {"price": {}})


def test_everything_is_one_group_without_a_field(ship, ships):
    assert table(ship) == {(): (4, {})}


def test_months_are_those_of_the_readers_calendar(ship, ships, in_iran):
    with locale.use(Locale.of(None)):
        assert table(ship, group_by=["built_on:month"]) == {
            date(2026, 2, 20): (1, {}), date(2026, 3, 21): (2, {}), None: (1, {})
        }  # fmt: skip
        assert {key: count for key, (count, _sums) in table(ship, group_by=["built_on:year"]).items()} == {
            date(2025, 3, 21): 1, date(2026, 3, 21): 2, None: 1
        }  # fmt: skip


def test_moments_fall_on_the_readers_day(ship, ships, in_iran):
    with locale.use(Locale.of(None)):
        found = table(ship, group_by=["sails_at:day"])
    assert {key: count for key, (count, _sums) in found.items()} == {
        date(2026, 3, 20): 1, date(2026, 3, 21): 1, None: 2
    }  # fmt: skip


@pytest.mark.parametrize("period", ["day", "week", "month", "quarter", "year"])
def test_every_period_counts_every_record(ship, ships, period):
    assert sum(count for count, _sums in table(ship, group_by=[f"built_on:{period}"]).values()) == 4


def test_custom_fields_are_grouped_and_summed(ship, make_ship, add_field):
    colour, room = add_field("Colour", "text"), add_field("Room", "number")
    seen = add_field("Seen", "date")
    for values in ({colour: "red", room: "1.25", seen: "2026-03-10"}, {colour: "red", room: "2"}, {}):
        make_ship(**values)
    found = table(ship, group_by=[colour], sums=[room])
    assert {key: (count, group[room].get("USD")) for key, (count, group) in found.items()} == {
        "red": (2, Decimal("3.25")), None: (1, None)
    }  # fmt: skip
    assert table(ship, group_by=[f"{seen}:month"]) == {date(2026, 3, 1): (1, {}), None: (2, {})}


def test_an_unknown_field_is_refused(ship):
    with pytest.raises(KeyError):
        summarize(ship, records.visible(ship, None), group_by=["nothing"])
