"""Custom fields that are marked get an index, and queries use it."""

import pytest
from django.db import connection

from kariz.core import indexes, metadata, records
from kariz.core.models import FieldSetting
from kariz.jobs import worker

KINDS = (
    "text",
    "number",
    "money",
    "percent",
    "date",
    "moment",
    "choice",
    "yes_no",
    "email",
    "url",
    "lookup",
    "user",
)


def standing():
    with connection.cursor() as cursor:
        return {
            name
            for name in connection.introspection.get_constraints(cursor, "fleet_ship")
            if "custom" in name
        }


def marked(ship, type_name):
    target = "port" if type_name == "lookup" else ""
    return metadata.add_field(ship, label=f"My {type_name}", type=type_name, is_indexed=True, target=target)


@pytest.mark.parametrize("type_name", KINDS)
def test_marking_a_field_makes_its_index_and_unmarking_takes_it_away(ship, type_name):
    setting = marked(ship, type_name)
    worker.drain()
    assert standing() == {f"custom_{setting.pk}"}
    metadata.change_field(ship, setting.name, is_indexed=False)
    worker.drain()
    assert standing() == set()


def plan(queryset):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    return queryset.explain()


@pytest.mark.parametrize("type_name", KINDS)
def test_a_list_sorted_by_a_marked_field_uses_its_index_both_ways(ship, type_name):
    setting = marked(ship, type_name)
    worker.drain()
    for sort in (setting.name, f"-{setting.name}"):
        assert f"custom_{setting.pk}" in plan(records.visible(ship, None, sort=sort)[:50])


@pytest.mark.parametrize(
    ("type_name", "operator", "value"),
    [
        ("number", "is", "5"), ("number", "greater", "5"), ("money", "between", "5"), ("date", "before", "2026-01-01"),
        ("choice", "is", "red"), ("lookup", "is", 1), ("user", "one_of", [1, 2]), ("moment", "after", "2026-01-01"),
    ],
)  # fmt: skip
def test_a_filter_by_a_marked_field_uses_its_index(ship, type_name, operator, value):
    setting = marked(ship, type_name)
    worker.drain()
    values = [value, value] if operator == "between" else [value]
    found = records.visible(ship, None, where=[setting.name, operator, *values]).order_by()
    assert f"custom_{setting.pk}" in plan(found)


def test_an_index_that_was_lost_is_made_again(ship):
    setting = marked(ship, "number")
    worker.drain()
    indexes.drop(setting)
    assert indexes.missing() == [FieldSetting.objects.get()]
    indexes.remake_missing()
    assert indexes.missing() == []


@pytest.mark.django_db(transaction=True)
def test_an_index_is_built_outside_of_a_transaction_where_it_blocks_nobody(ship):
    setting = marked(ship, "number")
    indexes.make(setting)
    assert indexes.is_standing(setting)
    indexes.drop(setting)
    assert not indexes.is_standing(setting)
