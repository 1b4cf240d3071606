"""Marks, and what is invalid: conditions on what no field of a record says."""

import pytest
from django.db.models import Exists, OuterRef

from kariz.core import conditions, marks, measures, records
from kariz.core.conditions import BadCondition
from kariz.core.measures import Measure
from kariz.core.models import SearchRow
from kariz.core.tests.models import Ship


@pytest.fixture
def listed(monkeypatch):
    """A mark: ships that search knows."""
    monkeypatch.setattr(marks, "_marks", {})

    @marks.register("listed", "Listed")
    def exists(record_type):
        if record_type.name != "ship":
            return None
        rows = SearchRow.objects.filter(record_type="ship", record_id=OuterRef("pk"))
        return Exists(rows)


def names(ship, where):
    return sorted(one.name for one in records.visible(ship, None, where=where))


def test_a_mark_is_a_condition_like_any_other(ship, make_ship, listed):
    make_ship(name="Arvand")
    make_ship(name="Karun")
    SearchRow.objects.filter(title="Karun").delete()
    assert names(ship, ["listed", "yes"]) == ["Arvand"]
    assert names(ship, {"all": [["listed", "no"], ["name", "contains", "karun"]]}) == ["Karun"]
    assert conditions.sentence(ship, ["listed", "yes"]) == "Listed: yes"


def test_a_mark_is_asked_only_of_the_types_that_can_have_it(ship, port, listed):
    assert "listed" in conditions.askable(ship)
    assert "listed" not in conditions.askable(port)
    assert "listed" not in ship.all_fields
    with pytest.raises(BadCondition, match="listed"):
        conditions.check(port, ["listed", "yes"])


def test_measures_come_in_order_and_only_where_they_apply(ship, port, monkeypatch):
    monkeypatch.setattr(measures, "_measures", {})
    measures.register(Measure("b", "B", lambda record_type: ["owner", "empty"], 2))
    measures.register(Measure("a", "A", lambda t: ["phone", "empty"] if "phone" in t.fields else None, 1))
    assert [measure.name for measure, _where in measures.of(ship)] == ["a", "b"]
    assert [where for _measure, where in measures.of(port)] == [["owner", "empty"]]


@pytest.mark.parametrize(
    ("field", "wrong", "right"),
    [
        ("phone", ["021 8888 1234", "+98 21 1", "phone", "+0123456"], ["", "+982188881234", "+982188881234;ext=12"]),
        ("email", ["sara", "sara@home", "a b@c.de", "a@b@c.de", "a@b..de"], ["", "sara@example.com", "a.b@c.co.ir"]),
    ],
)  # fmt: skip
def test_what_the_door_would_not_have_let_in_is_found(ship, make_ship, add_field, field, wrong, right):
    custom = add_field("Second", field)
    for place in (field, custom):
        ids = {value: make_ship(name="x").pk for value in (*wrong, *right)}
        for value, pk in ids.items():
            put = {"custom": {custom: value}} if place == custom else {field: value}
            Ship.objects.filter(pk=pk).update(**put)
        found = set(records.visible(ship, None, where=[place, "invalid"]).values_list("pk", flat=True))
        assert found == {ids[value] for value in wrong}
        Ship.objects.all().update(custom={}, phone="", email="")


def test_records_of_inactive_people_are_found(ship, make_ship, sara, bob):
    make_ship(name="Arvand", owner=sara.pk)
    make_ship(name="Karun", owner=bob.pk)
    sara.is_active = False
    sara.save()
    assert names(ship, ["owner", "inactive"]) == ["Arvand"]
