"""Conditions as trees, as sentences, and as bad input."""

from typing import Any

import pytest

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core import choices, conditions, picklists, records
from kariz.core.conditions import BadCondition, check, parse_leaf, sentence
from kariz.core.fieldtypes import FieldError


@pytest.fixture
def ships(make_ship):
    make_ship(name="Arvand", kind="tug", crew="3")
    make_ship(name="Karun", kind="ferry", crew="30")
    make_ship(name="Sefid", kind="", crew="")


def names(ship, where, user=None):
    return [one.name for one in records.visible(ship, user, where=where, sort="name")]


def test_groups_nest(ship, ships):
    where = {"any": [{"all": [["kind", "is", "tug"], ["crew", "less", "5"]]}, ["kind", "empty"]]}
    assert names(ship, where) == ["Arvand", "Sefid"]
    assert names(ship, {"all": [where, ["name", "contains", "vand"]]}) == ["Arvand"]


def test_an_empty_condition_is_everything(ship, ships):
    for where in (None, {}, {"all": []}, {"any": []}):
        assert len(names(ship, where)) == 3


def test_a_custom_field_stands_beside_others(ship, ships, add_field, make_ship):
    field = add_field("Draught", "number")
    make_ship(name="Deep", kind="tug", **{field: "12.5"})
    assert names(ship, {"all": [["kind", "is", "tug"], [field, "greater", "12"]]}) == ["Deep"]
    assert names(ship, [field, "empty"]) == ["Arvand", "Karun", "Sefid"]


def test_a_hidden_field_can_still_be_asked_for(ship, ships, add_field):
    add_field.hide("kind")
    assert names(ship, ["kind", "is", "tug"]) == ["Arvand"]


def test_leaves_are_told_in_order(ship):
    where = {"all": [["kind", "is", "tug"], {"any": [["crew", "empty"]]}]}
    assert list(conditions.leaves(where)) == [("kind", "is", "tug"), ("crew", "empty")]


def test_a_condition_reads_as_a_sentence(ship, make_port):
    port = make_port("Bushehr")
    where = {
        "all": [
            ["kind", "one_of", ["tug", "ferry"]],
            {"any": [["crew", "between", "1", "10000"], ["home", "is", port.pk]]},
            ["built_on", "last_n_days", 30],
            ["is_insured", "yes"],
        ]
    }
    assert sentence(ship, where, {("port", port.pk): "Bushehr"}) == (
        "Kind is one of Tug, Ferry and (Crew is between 1 and 10,000 or Home port is Bushehr) "
        "and Built is in the last 30 days and Insured: yes"
    )
    assert sentence(ship, None) == "All records"


def test_a_sentence_is_in_the_readers_numbers_and_days(ship, in_iran):
    with locale.use(Locale.of(None)):
        assert "۱۴۰۴" in sentence(ship, ["built_on", "is", "2026-03-10"])


def test_typed_values_become_stored_ones(ship, in_iran):
    with locale.use(Locale.of(None)):
        assert parse_leaf(ship, "built_on", "between", ["۱۴۰۴/۱۲/۱", "۱۴۰۴/۱۲/۱۹"]) == [
            "built_on", "between", "2026-02-20", "2026-03-10"
        ]  # fmt: skip
        assert parse_leaf(ship, "crew", "greater", ["۱٬۲۰۰"]) == ["crew", "greater", "1200"]
        assert parse_leaf(ship, "built_on", "last_n_days", ["۷"]) == ["built_on", "last_n_days", 7]
        assert parse_leaf(ship, "kind", "one_of", ["Tug", "ferry"]) == ["kind", "one_of", ["tug", "ferry"]]
        assert parse_leaf(ship, "kind", "empty", ["x"]) == ["kind", "empty"]


@pytest.mark.parametrize(
    ("name", "operator", "typed"),
    [
        ("crew", "greater", []), ("crew", "greater", ["many"]), ("crew", "between", ["1"]),
        ("kind", "is", ["submarine"]),
        ("built_on", "is", ["soon"]), ("built_on", "last_n_days", ["x"]), ("built_on", "last_n_days", []),
        ("built_on", "last_n_days", ["99999999999"]), ("built_on", "last_n_days", ["2.5"]),
        ("home", "is", ["sea"]),
    ],
)  # fmt: skip
def test_a_typed_value_that_cannot_be_is_told(ship, name, operator, typed):
    with pytest.raises((FieldError, BadCondition)):
        parse_leaf(ship, name, operator, typed)


DEEP: Any = ["crew", "empty"]
for _ in range(8):
    DEEP = {"all": [DEEP]}


@pytest.mark.parametrize(
    "where",
    [
        ["nothing", "is", "1"], ["name", "greater", "1"], ["crew", "is"], ["crew"], [], [[], "is", 1],
        ["crew", [], 1], "crew",
        5, {"none": []}, {"all": [], "any": []}, {"all": 5}, {"all": [None]}, {"all": ["crew"]},
        {"all": {"a": 1}},
        ["crew", "is", "many"], ["crew", "is", {}], ["crew", "is", "NaN"], ["crew", "is", "1e40"],
        ["length", "is", "1e40"],
        ["crew", "between", "1"], ["name", "is", 5], ["name", "is", None], ["kind", "one_of", 5],
        ["home", "is", "x"],
        ["home", "one_of", ["1", {}]], ["home", "is", 9**30], ["built_on", "is", "2026-02-30"],
        ["built_on", "is", 5],
        ["built_on", "last_n_days", "x"], ["built_on", "last_n_days", 10**12], ["sails_at", "is", "now"],
        ["flags", "has_any", [{}]], ["ports", "links_any", ["x"]], ["expected_price", "is", "Infinity"], DEEP,
        {"all": [["crew", "empty"]] * 101},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_condition_is_refused_and_never_asked(ship, where):
    if where == []:
        where = [[]]
    with pytest.raises(BadCondition):
        list(records.visible(ship, None, where=where))
    with pytest.raises(BadCondition):
        check(ship, where)


def test_lists_are_sorted_only_by_fields(ship, ships):
    with pytest.raises(BadCondition):
        records.visible(ship, None, sort="owner__password")


def test_the_answer_follows_a_renamed_choice(ship, ships):
    picklists.change_choice(choices.find("ship", "kind", "tug"), label="Tow boat")
    assert sentence(ship, ["kind", "is", "tug"]) == "Kind is Tow boat"
    assert parse_leaf(ship, "kind", "is", ["tow BOAT"]) == ["kind", "is", "tug"]
