"""The real pipeline of a sales company, brought in by a plan: every number of its own evaluation comes out."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from kariz.accounts import company
from kariz.accounts.models import Team, User
from kariz.core import changes, registry
from kariz.core.models import ChangeBatch, SearchRow
from tests import cast
from tests.reading import EVERYTHING, at, links, text

PLAN = Path(__file__).resolve().parent.parent / "examples/crm_sales.toml"
TYPES = ("organization", "product", "opportunity")

pytestmark = pytest.mark.xdist_group("crm_sales")  # imported once


@pytest.fixture(scope="module")
def report(django_db_setup: None, django_db_blocker: Any, shared_data: Path) -> Iterator[dict[str, Any]]:
    """What `kariz import` says of the whole folder, which stays imported for the time of this module."""
    with django_db_blocker.unblock():
        company.forget()
        with transaction.atomic():
            yield json.loads(said("import", shared_data / "crm_sales", "--plan", PLAN, "--json"))
            transaction.set_rollback(True)


@pytest.fixture
def imported(report: dict[str, Any], db: None) -> dict[str, Any]:
    return report


def said(*command: Any) -> str:
    output = io.StringIO()
    call_command(*map(str, command), stdout=output)
    return output.getvalue()


def asked(record_type: str, **options: Any) -> list[dict[str, Any]]:
    """What `kariz query` answers."""
    spelt = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
    spelt = [json.dumps(part) if isinstance(part, dict) else part for part in spelt]
    return json.loads(said("query", record_type, *spelt, "--json"))


def where(*leaves: list[Any]) -> dict[str, Any]:
    return {"all": list(leaves)}


WON = ["stage", "is", "won"]


def test_every_row_of_every_file_is_written(imported):
    assert [(file["rows"], file["created"], file["failed"]) for file in imported["files"]] == [
        (35, 35, 0), (85, 85, 0), (7, 7, 0), (8800, 8800, 0),
    ]  # fmt: skip


def test_as_many_deals_stand_in_each_stage_as_in_the_file(imported):
    counts = {row["stage"]: row["count"] for row in asked("opportunity", group_by="stage")}
    assert counts == {"won": 4238, "lost": 2473, "contact": 1589, "prospecting": 500}
    assert round(100 * counts["won"] / (counts["won"] + counts["lost"]), 2) == 63.15


def test_what_was_won_adds_up_in_all_and_by_product(imported):
    [all_won] = asked("opportunity", where=where(WON), group_by="outcome", sum="amount")
    assert all_won["amount"] == {"USD": 10_005_534}
    assert round(all_won["amount"]["USD"] / all_won["count"], 2) == 2360.91
    by_product = {
        row["product"]: (row["count"], row["amount"]["USD"])
        for row in asked("opportunity", where=where(WON), group_by="product", sum="amount")
    }
    assert by_product["GTX Pro"] == (729, 3_510_578)
    assert by_product["MG Special"] == (793, 43_768)
    assert len(by_product) == 7


def test_what_was_won_adds_up_by_quarter(imported):
    rows = asked("opportunity", where=where(WON), group_by="closed_on:quarter", sum="amount")
    assert {row["closed_on:quarter"]: (row["count"], row["amount"]["USD"]) for row in rows} == {
        "2017-01-01": (531, 1_134_672),
        "2017-04-01": (1254, 3_086_111),
        "2017-07-01": (1257, 2_982_255),
        "2017-10-01": (1196, 2_802_496),
    }


@pytest.mark.parametrize(("outcome", "days"), [("won", 51.78), ("lost", 41.48)])
def test_the_days_to_close_are_counted_from_engaging(imported, outcome, days):
    [row] = asked(
        "opportunity", where=where(["outcome", "is", outcome]), group_by="outcome", sum="cycle_days"
    )
    assert round(row["cycle_days"] / row["count"], 2) == days


def test_the_dirt_of_the_files_is_cleaned_as_the_plan_says(imported):
    assert not asked("organization", where=where(["country", "is", "Philipines"]))
    assert [row["name"] for row in asked("organization", where=where(["country", "is", "Philippines"]))] == [
        "Bioholding"
    ]
    assert len(asked("organization", where=where(["industry", "is", "technology"]))) == 12
    assert len(asked("opportunity", where=where(["organization", "empty"]))) == 1425
    assert len(asked("opportunity", where=where(["engaged_on", "empty"]))) == 500


def test_subsidiaries_are_linked_to_their_parents(imported):
    parts = asked("organization", where=where(["parent", "not_empty"]), columns="name,parent")
    assert len(parts) == 15
    assert {row["parent"] for row in parts} >= {"Acme Corporation", "Sonron", "Warephase"}


def test_agents_work_in_teams_below_their_regional_offices(imported):
    agent = User.objects.get(name="Anna Snelling")
    manager = User.objects.get(name="Dustin Brinkmann")
    assert (agent.role_id, manager.role_id) == ("salesperson", "sales_manager")
    assert agent.team == manager.team
    assert str(agent.team.parent) == "Central"
    assert Team.objects.filter(parent=None).count() == 3


def test_an_agent_sees_what_she_won_and_her_manager_what_the_team_won(imported, shared_data):
    with (shared_data / "crm_sales/sales_pipeline.csv").open() as file:
        won_by = Counter(row["sales_agent"] for row in csv.DictReader(file) if row["deal_stage"] == "Won")
    with (shared_data / "crm_sales/sales_teams.csv").open() as file:
        team = [row["sales_agent"] for row in csv.DictReader(file) if row["manager"] == "Dustin Brinkmann"]
    mine = where(WON, ["owner", "is_me"])
    [own] = asked("opportunity", where=mine, group_by="outcome", user="anna_snelling")
    [whole] = asked("opportunity", where=where(WON), group_by="outcome", user="dustin_brinkmann")
    assert own["count"] == won_by["Anna Snelling"]
    assert whole["count"] == sum(won_by[agent] for agent in team)


def test_the_screens_show_what_was_imported(imported):
    shirin = cast.signed_in(cast.gather().shirin)
    won = {"where": json.dumps(where(WON))}
    assert "50+ records" in text(shirin.get(at("list", registry.get("opportunity")), won))
    count = at("count", registry.get("opportunity"))
    assert "1,000+ records" in text(shirin.get(count, won))
    assert text(shirin.get(count, won | {"exact": "1"})) == "4,238 records"
    assert "Acme Corporation" in links(shirin.get(at("list", registry.get("organization")), EVERYTHING))


def test_the_results_page_tells_the_same_numbers(imported):
    shirin = cast.signed_in(cast.gather().shirin)
    page = text(shirin.get(reverse("insights:results"), {"period": "all", "by": "product"}))
    told = ("4,238", "2,473", "63.15%", "$10,005,534", "51.78", "41.48", "GTX Pro", "3,510,578", "43,768")
    told += ("1,134,672", "3,086,111", "2,982,255", "2,802,496", "1,589", "500")
    assert [number for number in told if number not in page] == []


def test_undo_takes_back_every_record_user_and_team(imported):
    admin = cast.hire("shirin", "Shirin Rad", "administrator")
    undone = changes.undo(ChangeBatch.objects.get(pk=imported["batch"]), admin)
    assert undone.kept == []
    assert [registry.get(name).model.objects.count() for name in TYPES] == [0, 0, 0]
    assert (list(User.objects.all()), Team.objects.count(), SearchRow.objects.count()) == ([admin], 0, 0)
