"""Every operator on every field type, where the value is a column and where it is a key of `custom`."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core import metadata, picklists, records
from kariz.core.conditions import matching, parse_leaf, sentence
from kariz.core.fieldtypes import TYPES
from kariz.core.operators import OPERATORS
from kariz.core.tests.models import Ship

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=timezone(timedelta(hours=3, minutes=30)))  # in Tehran

# field type → (the shipped field, values of the ships A, B and C, {operator: ((value as typed, …), ships found)})
CASES: dict[str, Any] = {
    "text": (
        "name",
        ("Çınar", "كشتی", "Sea Star"),
        {
            "is": (("cinar",), "A"),
            "is_not": (("CINAR",), "BC"),
            "one_of": (("ÇINAR", "sea  star"), "AC"),
            "contains": (("شت",), "B"),
            "not_contains": (("star",), "AB"),
            "starts_with": (("کش",), "B"),
            "empty": ((), ""),
            "not_empty": ((), "ABC"),
        },
    ),
    "long_text": (
        "notes",
        ("one\ntwo", "100% sure_", ""),
        {
            "contains": (("TWO",), "A"),
            "not_contains": (("0% SURE_",), "AC"),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "email": (
        "email",
        ("Sara@Example.com", "bob@firm.ir", ""),
        {
            "is": (("sara@example.com",), "A"),
            "is_not": (("SARA@example.com",), "BC"),
            "one_of": (("bob@firm.ir", "sara@example.com"), "AB"),
            "contains": (("firm",), "B"),
            "not_contains": (("@firm",), "AC"),
            "starts_with": (("SARA",), "A"),
            "invalid": ((), ""),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "url": (
        "website",
        ("example.com/Path", "https://firm.ir", ""),
        {
            "is": (("https://firm.ir",), "B"),
            "is_not": (("https://firm.ir",), "AC"),
            "one_of": (("https://firm.ir", "x"), "B"),
            "contains": (("path",), "A"),
            "not_contains": (("firm",), "AC"),
            "starts_with": (("https://ex",), "A"),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "phone": (
        "phone",
        ("+98 912 345 6789", "+90 (212) 555 1234 ext. 12", ""),
        {
            "is": (("0912 345 67 89",), "A"),
            "is_not": (("0912 345 67 89",), "BC"),
            "contains": (("۵۵۵۱۲",), "B"),
            "not_contains": (("555",), "AC"),
            "invalid": ((), ""),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "number": (
        "length",
        ("10.5", "300", None),
        {
            "is": (("10.50",), "A"),
            "is_not": (("300",), "AC"),
            "greater": (("10.5",), "B"),
            "at_least": (("10.5",), "AB"),
            "less": (("300",), "A"),
            "at_most": (("۳۰۰",), "AB"),
            "between": (("10", "299.99"), "A"),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "money": (
        "price",
        ("1,000,000.25", "12", None),
        {
            "is": (("1000000.25",), "A"),
            "is_not": (("12",), "AC"),
            "greater": (("12",), "A"),
            "at_least": (("12",), "AB"),
            "less": (("12.01",), "B"),
            "at_most": (("12",), "B"),
            "between": (("12", "1,000,000"), "B"),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "percent": (
        "chance",
        ("12.5%", "100", "0"),
        {
            "is": (("0",), "C"),
            "is_not": (("100",), "AC"),
            "greater": (("12.5",), "B"),
            "at_least": (("12.5",), "AB"),
            "less": (("12.5",), "C"),
            "at_most": (("12.5",), "AC"),
            "between": (("1", "99"), "A"),
            "empty": ((), ""),
            "not_empty": ((), "ABC"),
        },
    ),
    "date": (
        "built_on",
        ("2026-03-10", "2026-03-31", None),
        {
            "is": (("2026-03-10",), "A"),
            "before": (("2026-03-31",), "A"),
            "after": (("2026-03-10",), "B"),
            "between": (("2026-03-10", "2026-03-31"), "AB"),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "moment": (
        "sails_at",
        ("2026-03-09T20:30:00+00:00", "2026-03-10T20:30:00+00:00", None),  # midnight in Tehran
        {
            "is": (("2026-03-10",), "A"),
            "before": (("2026-03-11",), "A"),
            "after": (("2026-03-10",), "B"),
            "between": (("2026-03-10", "2026-03-10"), "A"),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "yes_no": ("is_insured", (True, False, None), {"yes": ((), "A"), "no": ((), "BC")}),
    "choice": (
        "kind",
        ("tug", "ferry", ""),
        {
            "is": (("Tug",), "A"),
            "is_not": (("tug",), "BC"),
            "one_of": (("tug", "Ferry"), "AB"),
            "none_of": (("tug", "tanker"), "BC"),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "choices": (
        "flags",
        (["red", "green"], ["green"], []),
        {
            "has_any": (("red", "white"), "A"),
            "has_all": (("green", "red"), "A"),
            "has_none": (("red",), "BC"),
            "empty_list": ((), "C"),
            "not_empty_list": ((), "AB"),
        },
    ),
    "lookup": (
        "home",
        ("Bushehr", "İzmir", None),
        {
            "is": (("Bushehr",), "A"),
            "is_not": (("Bushehr",), "BC"),
            "one_of": (("Bushehr", "İzmir"), "AB"),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "user": (
        "owner",
        ("sara", "manager", None),
        {
            "is": (("sara",), "A"),
            "is_not": (("sara",), "BC"),
            "one_of": (("sara", "manager"), "AB"),
            "is_me": ((), "B"),
            "in_my_team": ((), "AB"),
            "inactive": ((), ""),
            "empty": ((), "C"),
            "not_empty": ((), "AB"),
        },
    ),
    "links": (
        "ports",
        (["Bushehr", "İzmir"], ["İzmir"], []),
        {
            "links_any": (("Bushehr",), "A"),
            "links_none": (("Bushehr",), "BC"),
            "no_links": ((), "C"),
            "some_links": ((), "AB"),
        },
    ),
}  # fmt: skip
# Periods as seen from Tuesday, 10 March 2026, in Iran: the week began on Saturday the 7th, the year ends on the 20th.
PERIODS = {
    "past": ((), ""), "due": ((), "A"), "today": ((), "A"), "yesterday": ((), ""), "tomorrow": ((), ""),
    "this_week": ((), "A"), "last_week": ((), ""), "next_week": ((), ""),
    "this_month": ((), "A"), "last_month": ((), ""), "next_month": ((), "B"),
    "this_quarter": ((), "A"), "last_quarter": ((), ""), "next_quarter": ((), "B"),
    "this_year": ((), "A"), "last_year": ((), ""), "next_year": ((), "B"),
    "this_fiscal_year": ((), "A"), "last_fiscal_year": ((), ""),
    "last_n_days": (("1",), "A"), "next_n_days": (("30",), "AB"),
    "older_than_n_days": (("1",), ""), "in_more_than_n_days": (("20",), "B"),
}  # fmt: skip
FAR = {"date": "2026-03-31", "moment": "2026-03-31T12:00:00+00:00"}


def every_case():
    for type_name, (_field, _values, operators) in CASES.items():
        for where in ("column", "custom") if TYPES[type_name].may_be_custom else ("column",):
            for operator, (typed, found) in operators.items():
                yield pytest.param(
                    (type_name, where, operator, typed, found), id=f"{type_name}-{where}-{operator}"
                )


@pytest.fixture
def noon(monkeypatch, in_iran):
    """It is Tuesday noon in Tehran, the end of the Jalali year 1404."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def named(make_port, sara, manager):
    """Ids of ports and people by name."""
    return {one.name or one.username: one.pk for one in (make_port("Bushehr"), make_port("İzmir"))} | {
        "sara": sara.pk, "manager": manager.pk
    }  # fmt: skip


def ids(value, named):
    if isinstance(value, list):
        return [ids(one, named) for one in value]
    return named.get(value, value)


@pytest.fixture
def ships(ship, named):
    """Three ships with these values in a shipped field or in a custom one of the same type; gives the field's name."""

    def make(type_name, where, values=None):
        name, shipped, _operators = CASES[type_name]
        if where == "custom":
            target = {"lookup": "port"}.get(type_name, "")
            name = metadata.add_field(ship, label=f"My {type_name}", type=type_name, target=target).name
            for key in ("tug", "ferry", "tanker") if type_name == "choice" else ("red", "green", "white"):
                picklists.add_choice(ship, name, label=key)
        rows = [
            (Ship(), {"name": letter, "owner": None, "kind": "", name: ids(value, named)})
            for letter, value in zip("ABC", values or shipped, strict=True)
        ]
        drafts = records.save_many(
            ship, rows, user=None, batch=records.batch_of("edit", None), is_trusted=True
        )
        for draft, letter in zip(drafts, "ABC", strict=True):
            assert not draft.errors
            Ship.objects.filter(pk=draft.record.pk).update(code=letter)
        return name

    return make


def found(ship, leaf, user):
    return "".join(sorted(matching(Ship.objects.all(), ship, leaf, user).values_list("code", flat=True)))


def test_the_cases_name_every_operator_of_every_type():
    for name, kind in TYPES.items():
        told = set(CASES[name][2]) | (set(PERIODS) if name in FAR else set())
        assert told == set(kind.operators), name
    assert {operator for kind in TYPES.values() for operator in kind.operators} == set(OPERATORS)


@pytest.mark.parametrize("case", [*every_case()])
def test_an_operator_finds_what_it_says(ship, ships, manager, named, noon, case):
    type_name, where, operator, typed, expected = case
    name = ships(type_name, where)
    with locale.use(Locale.of(manager)):
        leaf = parse_leaf(ship, name, operator, [ids(one, named) for one in typed])
        assert found(ship, leaf, manager) == expected
        assert str(ship.fields[name].label) in sentence(ship, leaf)


@pytest.mark.parametrize("where", ["column", "custom"])
@pytest.mark.parametrize("type_name", ["date", "moment"])
@pytest.mark.parametrize("period", PERIODS)
def test_a_period_is_the_readers_own(ship, ships, noon, type_name, where, period):
    typed, expected = PERIODS[period]
    first = CASES[type_name][1][0]
    name = ships(type_name, where, (first, FAR[type_name], None))
    with locale.use(Locale.of(None)):
        assert found(ship, parse_leaf(ship, name, period, list(typed)), None) == expected
