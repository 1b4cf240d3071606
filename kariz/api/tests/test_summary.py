"""Counts and sums by the values of fields, of what the caller may see."""

import pytest

from kariz.core import metadata, registry
from tests import specimens

LEAD, OPPORTUNITY = registry.get("lead"), registry.get("opportunity")


def deal(cast, name, /, owner=None, **values):
    return specimens.make(OPPORTUNITY, owner or cast.reza, name, **values)


@pytest.fixture
def deals(cast):
    deal(cast, "Pumps", stage="contact", amount="1200.50", currency="USD")
    deal(cast, "Valves", stage="contact", amount="800", currency="USD")
    deal(cast, "Pipes", stage="contact", amount="90000", currency="IRR")
    deal(cast, "Hidden", cast.bob, stage="negotiation", amount="5", currency="USD")


def test_groups_are_counted_and_summed_by_currency_the_largest_first(deals, shirins):
    answer = shirins.get("opportunity/summary", {"group_by": "stage", "sum": "amount"}).json()
    assert answer == {
        "items": [
            {
                "keys": {"stage": "contact"},
                "count": 3,
                "sums": {"amount": {"IRR": "90000", "USD": "2000.5"}},
            },
            {"keys": {"stage": "negotiation"}, "count": 1, "sums": {"amount": {"USD": "5"}}},
        ],
        "has_more": False,
    }


def test_without_a_field_there_is_one_group(deals, shirins):
    [everything] = shirins.get("opportunity/summary", {"sum": "amount"}).json()["items"]
    assert (everything["keys"], everything["count"]) == ({}, 4)
    assert everything["sums"] == {"amount": {"IRR": "90000", "USD": "2005.5"}}


def test_what_somebody_does_not_see_is_not_counted(deals, cast, program):
    found = program(cast.reza).get("opportunity/summary", {"group_by": "stage"}).json()["items"]
    assert [one["keys"]["stage"] for one in found] == ["contact"]


def test_it_counts_what_a_list_would_show(deals, shirins):
    asked = {"group_by": "owner", "where": '["amount", "greater", "900"]', "currency": "USD"}
    [one] = shirins.get("opportunity/summary", asked).json()["items"]
    assert one["count"] == 1


def test_days_are_grouped_by_period_and_custom_fields_as_any_other(cast, shirins):
    metadata.add_field(LEAD, label="Is big", type="yes_no")
    specimens.make(LEAD, cast.reza, "Sara", next_contact_on="2026-05-14", is_big=True)
    specimens.make(LEAD, cast.reza, "Ali", next_contact_on="2026-05-30")
    months = shirins.get("lead/summary", {"group_by": "next_contact_on:month"}).json()["items"]
    assert [(one["keys"], one["count"]) for one in months] == [({"next_contact_on:month": "2026-05-01"}, 2)]
    sizes = shirins.get("lead/summary", {"group_by": "is_big"}).json()["items"]
    assert {one["keys"]["is_big"] for one in sizes} == {True, False}


def test_the_smallest_groups_are_left_off_and_it_is_said(deals, shirins):
    answer = shirins.get("opportunity/summary", {"group_by": "stage", "limit": 1}).json()
    assert (len(answer["items"]), answer["has_more"]) == (1, True)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"group_by": "nothing"}, "group_by"),
        ({"group_by": "created_at"}, "group_by"),
        ({"group_by": "name"}, "group_by"),
        ({"group_by": "stage:month"}, "group_by"),
        ({"group_by": "stage,type,owner,source"}, "group_by"),
        ({"sum": "nothing"}, "sum"),
        ({"sum": "name"}, "sum"),
    ],
)
def test_what_cannot_be_grouped_or_summed_is_said(asked, name, cast, shirins):
    answer = shirins.get("opportunity/summary", asked)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [name])


def test_hidden_fields_are_neither_grouped_nor_summed(cast, shirins):
    metadata.change_field(OPPORTUNITY, "amount", is_hidden=True)
    metadata.change_field(OPPORTUNITY, "source", is_hidden=True)
    for asked in ({"sum": "amount"}, {"group_by": "source"}):
        assert shirins.get("opportunity/summary", asked).status_code == 400


def test_a_type_says_how_its_lists_and_boards_are_made(cast, shirins):
    metadata.change_field(OPPORTUNITY, "forecast_amount", is_hidden=True)
    said = shirins.get("types/opportunity").json()
    assert (said["board"], said["totals"], said["columns"][0]) == ("stage", ["amount"], "name")
