"""Lists, boards, record pages and searches of thousands of records are answered by indexes, on both databases."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kariz.accounts import company
from kariz.accounts.models import Team, User
from kariz.core import records, registry, sharing, sight
from kariz.core.models import SharingRule

pytestmark = pytest.mark.django_db
GROWING = ("leads_lead", "opportunities_opportunity", "core_searchrow", "core_change", "web_visit")


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """A sample company, with what the database knows of it, for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        company.forget()
        call_command("demo", leads=1000, opportunities=1000, verbosity=0)
        yield
        transaction.set_rollback(True)
    company.forget()


@pytest.fixture
def manager(sample):
    """The browser of the manager of a region, who sees the records of several teams, not all."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.user = User.objects.get(username="robert")
    client.force_login(client.user)
    return client


def scans(client, path, **headers):
    """What the database would read from end to end to answer, by its own account."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path, headers=headers).status_code == 200
    asked = [query["sql"] for query in captured.captured_queries if query["sql"].startswith("SELECT")]
    return [step for sql in asked for step in _plan(sql) if _is_scan(step)]


def _plan(sql):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}")
            return [row[3] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql.replace('%', '%%')}")
        return [row[0] for row in cursor.fetchall()]


def _is_scan(step):
    if connection.vendor == "sqlite":
        return any(step.startswith(f"SCAN {table}") for table in GROWING) and "INDEX" not in step
    return any(f"Seq Scan on {table}" in step for table in GROWING)


@pytest.mark.parametrize("name", ["lead", "opportunity"])
def test_every_shipped_view_is_answered_by_an_index(manager, name):
    for view in registry.get(name).views:
        where = json.dumps(view.where or {})
        assert not scans(manager, f"/{name}/?where={where}&sort={view.sort}"), view.key


def test_a_list_filtered_and_sorted_is_answered_by_an_index(manager):
    where = json.dumps({"all": [["temperature", "is", "hot"], ["owner", "is_me"]]})
    assert not scans(manager, f"/lead/?where={where}&sort=-created_at")


def test_the_second_page_of_a_list_is_answered_by_an_index(manager):
    found = records.visible(registry.get("lead"), manager.user)
    assert found.count() > 100
    page = manager.get("/lead/").content.decode()
    cursor = page.partition("cursor=")[2].partition('"')[0]
    assert cursor
    assert not scans(manager, f"/lead/?cursor={cursor}")


@pytest.mark.parametrize("name", ["lead", "opportunity"])
def test_a_board_is_answered_by_an_index(manager, name):
    assert not scans(manager, f"/{name}/board/")


def test_a_record_page_is_answered_by_indexes(manager):
    deal = records.visible(registry.get("opportunity"), manager.user, where=["is_open", "no"]).first()
    assert not scans(manager, f"/opportunity/{deal.pk}/")
    assert not scans(manager, f"/organization/{deal.organization_id}/")


@pytest.mark.parametrize("word", ["bridge", "son", "0117", "example"])
def test_a_search_is_answered_by_the_index_of_fragments(manager, word):
    assert not scans(manager, f"/search/?q={word}", **{"HX-Request": "true", "HX-Target": "palette-results"})


def test_the_home_page_is_answered_by_indexes(manager):
    assert not scans(manager, "/")


@pytest.fixture
def seller(sample):
    """The browser of a salesperson to whom rules and colleagues open more than is theirs."""
    with transaction.atomic():
        user = User.objects.filter(role="salesperson", team__isnull=False).earliest("pk")
        others = Team.objects.exclude(pk=user.team_id).filter(members__role="salesperson").distinct()
        for name, where in (
            ("lead", ["temperature", "is", "hot"]),
            ("opportunity", ["amount", "at_least", "500"]),
        ):
            _open(name, user, others[0], None)
            _open(name, user, others[1], where)
            record_type = registry.get(name)
            strangers = record_type.model.objects.filter(owner__team=others[2])[:5]
            sharing.share(record_type, strangers, [user], by=None)
        client = Client(SERVER_NAME="127.0.0.1")
        client.user = user
        client.force_login(user)
        yield client
        transaction.set_rollback(True)
    company.forget()


def _open(name, user, team, where):
    SharingRule.objects.create(
        record_type=name, name="Rule", owners="team", owner_team=team, where=where, shared_with="user",
        with_user=user,
    )  # fmt: skip
    company.touch()


@pytest.mark.parametrize("name", ["lead", "opportunity"])
def test_what_is_opened_to_somebody_is_found_by_indexes_too(seller, name):
    seen = sight.of(registry.get(name), seller.user)
    assert (len(seen.opened), len(seen.shared)) == (1, 5)
    for path in (f"/{name}/", f"/{name}/?where={{}}&sort=-created_at", f"/{name}/board/"):
        assert not scans(seller, path), path


def test_a_search_for_what_is_opened_is_answered_by_indexes(seller):
    assert not scans(seller, "/search/?q=son", **{"HX-Request": "true", "HX-Target": "palette-results"})


def test_the_page_of_a_record_that_a_rule_opens_is_answered_by_indexes(seller):
    rule = ["amount", "at_least", "500"]
    theirs = sight.of(registry.get("opportunity"), seller.user).owners
    opened = records.visible(registry.get("opportunity"), seller.user, where=rule).exclude(owner__in=theirs)
    assert not scans(seller, f"/opportunity/{opened.first().pk}/")


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL weighs by itself that few rows are wanted"
)
def test_the_first_rows_of_several_owners_are_merged_from_one_index(seller):
    with CaptureQueriesContext(connection) as captured:
        assert seller.get("/lead/?where={}&sort=-created_at").status_code == 200
    merged = [query["sql"] for query in captured if "merged" in query["sql"]]
    assert len(merged) == 1
    steps = " ".join(_plan(merged[0]))
    assert "MERGE (UNION ALL)" in steps
    assert "lead_owner_created" in steps
