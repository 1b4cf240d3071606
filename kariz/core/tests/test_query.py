"""`kariz query` answers from the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def query(*arguments):
    out = StringIO()
    call_command("query", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def text(*arguments):
    out = StringIO()
    call_command("query", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def ships(make_ship, make_port, sara, bob):
    home = make_port("Bandar Abbas").pk
    make_ship(
        name="Arvand",
        kind="tug",
        price="1200.50",
        currency="USD",
        home=home,
        owner=sara.pk,
        built_on="2026-03-10",
    )
    make_ship(
        name="Karun", kind="tug", price="800", currency="USD", home=home, owner=bob.pk, built_on="2026-03-25"
    )
    make_ship(name="Sefid", kind="ferry", price="7", currency="TRY", crew="30", flags=["red", "green"])


def test_groups_have_the_names_of_linked_records(ships):
    assert query("ship", "--group-by", "home", "--sum", "price,crew") == [
        {"home": "Bandar Abbas", "count": 2, "price": {"USD": 2000.5}, "crew": 0},
        {"home": None, "count": 1, "price": {"TRY": 7}, "crew": 30},
    ]


def test_a_condition_narrows(ships):
    rows = query("ship", "--where", '{"all": [["kind", "is", "tug"]]}', "--group-by", "owner")
    assert rows == [{"owner": "bob", "count": 1}, {"owner": "sara", "count": 1}]


def test_everything_can_be_summed_at_once(ships):
    assert query("ship", "--sum", "price") == [{"count": 3, "price": {"TRY": 7, "USD": 2000.5}}]


def test_dates_are_grouped_by_periods(ships):
    rows = query("ship", "--group-by", "kind,built_on:month", "--where", '["kind", "is", "tug"]')
    assert rows == [{"kind": "tug", "built_on:month": "2026-03-01", "count": 2}]


def test_records_are_listed_with_columns_sort_and_limit(ships):
    rows = query("ship", "--columns", "name,home,price,flags,owner", "--sort=-name", "--limit", "2")
    assert [row["name"] for row in rows] == ["Sefid", "Karun"]
    assert {**rows[0], "id": 0} == {
        "id": 0, "name": "Sefid", "home": None, "price": 7, "flags": ["red", "green"], "owner": None
    }  # fmt: skip
    assert (rows[1]["home"], rows[1]["owner"]) == ("Bandar Abbas", "bob")


def test_the_usual_columns_are_those_of_the_list(ships):
    assert list(query("ship", "--search", "arvand")[0]) == ["id", "name", "kind", "price"]


def test_a_user_sees_what_the_user_may_see(ships):
    assert [row["name"] for row in query("ship", "--user", "bob", "--sort", "name")] == ["Arvand", "Karun"]
    assert [row["name"] for row in query("ship", "--user", "bob", "--where", '["owner", "is_me"]')] == [
        "Karun"
    ]


def test_people_read_a_table(ships):
    assert text("ship", "--group-by", "kind", "--sum", "price").splitlines() == [
        "kind   count  price",
        "tug    2      2,000.5 USD",
        "ferry  1      7 TRY",
    ]
    assert text("ship", "--where", '["crew", "greater", "500"]') == "No records.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["submarine"], "Types: .*port, ship"), (["ship", "--where", "{"], "not JSON"),
        (["ship", "--user", "eve"], "no user"),
        (["ship", "--where", '["crew", "is", "many"]'], "Crew"), (["ship", "--group-by", "sails"], "no field “sails”"),
        (["ship", "--group-by", "name"], "cannot be grouped"), (["ship", "--group-by", "built_on"], "built_on:month"),
        (["ship", "--group-by", "built_on:age"], "built_on:month"), (["ship", "--sum", "kind"], "no number"),
        (["ship", "--columns", "name,sails"], "no field “sails”"), (["ship", "--sort", "sails"], "sorted by “sails”"),
    ],
)  # fmt: skip
def test_an_error_says_what_is_wrong(ships, arguments, told):
    with pytest.raises(CommandError, match=told):
        call_command("query", *arguments, stdout=StringIO())
