"""The lists that record types ship are read from indexes: nothing is sorted to show fifty of a million."""

import pytest
from django.db import connection

from kariz.core import records, registry

SORTED = {
    "lead": ("", "-created_at", "title", "next_contact_on", "-score"),
    "opportunity": ("", "-amount", "expected_close_on"),
}
CASES = [(name, sort) for name, sorts in SORTED.items() for sort in sorts]
OF_VIEWS = [("lead", "stale"), ("opportunity", "stale"), ("opportunity", "won")]


def plan(queryset):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    return queryset[:50].explain()


def is_sorted_by_hand(text):
    return "Sort" in text if connection.vendor == "postgresql" else "USE TEMP B-TREE FOR ORDER BY" in text


@pytest.mark.parametrize(("name", "sort"), CASES)
def test_lists_come_in_order_from_an_index(cast, name, sort):
    assert not is_sorted_by_hand(plan(records.visible(registry.get(name), cast.admin, sort=sort)))


@pytest.mark.parametrize("name", SORTED)
def test_ones_own_newest_come_in_order_from_an_index(cast, name):
    assert not is_sorted_by_hand(plan(records.visible(registry.get(name), cast.elif_)))


@pytest.mark.parametrize(("name", "key"), OF_VIEWS)
def test_shipped_views_come_in_order_from_an_index(cast, name, key):
    record_type = registry.get(name)
    view = next(one for one in record_type.views if one.key == key)
    assert not is_sorted_by_hand(
        plan(records.visible(record_type, cast.admin, where=view.where, sort=view.sort))
    )


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="PostgreSQL opens the table until it is vacuumed"
)
def test_sums_by_stage_and_owner_are_read_from_the_index_alone(cast, save):
    from kariz.core.summary import summarize

    record_type = registry.get("opportunity")
    save("opportunity", name="A", amount="100", owner=cast.maryam.pk)
    visible = records.visible(record_type, cast.nadir)
    [group] = summarize(record_type, visible, group_by=["stage", "owner"], sums=["amount", "forecast_amount"])
    assert (group.keys, group.total("forecast_amount", "USD")) == (("prospecting", cast.maryam.pk), 10)
    grouped = visible.order_by().values("stage", "owner_id", "currency", "amount", "forecast_amount")
    assert "COVERING INDEX opportunity_sums" in plan(grouped)
