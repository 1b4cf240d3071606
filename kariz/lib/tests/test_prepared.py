"""Queries that are composed once and asked with other values each time."""

from __future__ import annotations

import pytest
from django.db.models import Count

from kariz.accounts import teams
from kariz.accounts.models import Company, Team
from kariz.lib.prepared import Prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    sales = teams.place(Team(name="Sales"), None)
    return sales, [teams.place(Team(name=name), sales) for name in ("50% club", "North", "South")]


def test_it_is_composed_once_and_asked_with_other_values(tree):
    sales, [_club, north, south] = tree
    composed = []

    def named(parent, name):
        composed.append(parent)
        return Team.objects.filter(parent=parent, name=name).values_list("pk")

    prepared = Prepared(named)
    assert prepared.rows(sales.pk, "North") == [(north.pk,)]
    assert prepared.rows(sales.pk, "South") == [(south.pk,)]
    assert prepared.rows(north.pk, "South") == []
    assert len(composed) == 1


def test_a_value_is_no_pattern(tree):
    prepared = Prepared(lambda text: Team.objects.filter(name__contains=text).values_list("name"))
    assert prepared.rows("0%") == [("50% club",)]
    assert prepared.rows("%") == [("50% club",)]
    assert prepared.rows("' OR 1=1 --") == []


def test_what_is_found_is_of_the_types_of_its_columns(db):
    Company.objects.update_or_create(pk=1, defaults={"show_toman": True, "name": "Arvand"})
    prepared = Prepared(lambda pk: Company.objects.filter(pk=pk).values_list("show_toman", "name"))
    [(show_toman, name)] = prepared.rows(1)
    assert show_toman is True
    assert name == "Arvand"


def test_a_limit_and_a_count_stay_in_the_query(tree):
    first = Prepared(
        lambda parent: Team.objects.filter(parent=parent).order_by("name").values_list("name")[:2]
    )
    assert first.rows(tree[0].pk) == [("50% club",), ("North",)]
    counted = Prepared(
        lambda parent: (
            Team.objects.filter(parent=parent)
            .order_by()
            .values("parent")
            .annotate(n=Count("pk"))
            .values_list("n")
        )
    )
    assert counted.rows(tree[0].pk) == [(3,)]
