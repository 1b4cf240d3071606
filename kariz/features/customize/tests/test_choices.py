"""Picklist values, stages and pipelines, on screen."""

import pytest

from kariz.accounts import company
from kariz.core import choices
from kariz.core.models import Choice
from kariz.core.tests.models import Ship

KINDS = "/settings/types/ship/picklists/kind/"
STAGES = "/settings/types/ship/picklists/stage/"
STAGE = {"label": "Repaired", "colour": "blue", "outcome": "", "expected_days": "5", "guide": "Look twice.",
         "asks": ["price"], "set_0": "chance", "to_0": "45%", "set_1": "", "to_1": ""}  # fmt: skip


def labels(field, group=None):
    return [one.label for one in choices.of("ship", field, group)]


@pytest.mark.covers("R280", "R285")
def test_values_are_added_renamed_coloured_and_ordered(as_admin, ship, choice, told, htmx):
    answer = as_admin.post(f"{KINDS}new/", {"label": "Barge", "colour": "teal", "set_0": "", "to_0": ""})
    assert told(answer) == [("“Barge” is added.", "")]
    tug = choice("kind", "tug")
    as_admin.post(f"{KINDS}{tug.pk}/", {"label": "Tow boat", "colour": "red", "set_0": "", "to_0": ""})
    as_admin.post(f"{KINDS}order/", {"choice": ["barge", "tug", "tanker", "ferry"]}, headers=htmx())
    assert labels("kind") == ["Barge", "Tow boat", "Tanker", "Ferry"]
    assert choice("kind", "tug").colour == "red"
    assert "Tow boat" in as_admin.get("/ship/new/").content.decode()


def test_another_value_becomes_the_default(as_admin, choice):
    ferry = choice("kind", "ferry")
    as_admin.post(f"{KINDS}{ferry.pk}/", {"label": "Ferry", "colour": "grey", "is_default": "on"})
    assert choices.default("ship", "kind") == "ferry"


def test_a_value_sets_other_fields(as_admin, choice, make_ship):
    tug = choice("kind", "tug")
    as_admin.post(f"{KINDS}{tug.pk}/", {"label": "Tug", "colour": "grey", "set_0": "crew", "to_0": "4"})
    assert make_ship(kind="tug").crew == 4
    shown = as_admin.get(f"{KINDS}{tug.pk}/").content.decode()
    assert 'value="4"' in shown
    wrong = as_admin.post(
        f"{KINDS}{tug.pk}/", {"label": "Tug", "colour": "grey", "set_0": "crew", "to_0": "many"}
    )
    assert wrong.status_code == 422
    assert "“many” is not a number." in wrong.content.decode()


def test_a_value_is_hidden_and_shown_again(as_admin, choice, told):
    tug = choice("kind", "tug")
    [(text, undo_url)] = told(as_admin.post(f"{KINDS}{tug.pk}/hide/", {"is_hidden": "1"}))
    assert text == "“Tug” is hidden. Records that have it keep it."
    assert "Tug" not in labels("kind")
    as_admin.post(undo_url)
    assert "Tug" in labels("kind")


def test_what_new_records_get_cannot_be_hidden_or_deleted(as_admin, choice, told):
    tanker = choice("kind", "tanker")
    [(text, _undo)] = told(as_admin.post(f"{KINDS}{tanker.pk}/hide/", {"is_hidden": "1"}))
    assert "default" in text
    assert "default" in as_admin.get(f"{KINDS}{tanker.pk}/remove/").content.decode()
    as_admin.post(f"{KINDS}{tanker.pk}/remove/")
    assert "Tanker" in labels("kind")


@pytest.mark.covers("R200")
def test_a_deleted_value_moves_its_records_and_undo_brings_both_back(as_admin, choice, make_ship, told, htmx):
    make_ship(kind="tug")
    tug = choice("kind", "tug")
    assert "1 record" in as_admin.get(f"{KINDS}{tug.pk}/remove/", headers=htmx("dialog")).content.decode()
    assert as_admin.post(f"{KINDS}{tug.pk}/remove/", {"move_to": ""}).status_code == 422
    [(text, undo_url)] = told(as_admin.post(f"{KINDS}{tug.pk}/remove/", {"move_to": "ferry"}))
    assert text == "“Tug” is deleted. 1 record was moved."
    assert Ship.objects.get().kind == "ferry"
    as_admin.post(undo_url, headers=htmx())
    assert (Ship.objects.get().kind, labels("kind")) == ("tug", ["Tanker", "Ferry", "Tug"])


def test_an_unused_value_is_deleted_without_more_ado(as_admin, choice, told):
    tug = choice("kind", "tug")
    assert "No record has this value." in as_admin.get(f"{KINDS}{tug.pk}/remove/").content.decode()
    assert told(as_admin.post(f"{KINDS}{tug.pk}/remove/"))[0][0] == "“Tug” is deleted."


@pytest.mark.covers("R200", "R281")
def test_stages_are_added_with_all_that_they_do(as_admin, ship, choice, make_ship):
    as_admin.post(f"{STAGES}new/?group=sea", STAGE)
    stage = choice("stage", "repaired")
    assert (stage.group, stage.expected_days, stage.guide, stage.asks) == ("sea", 5, "Look twice.", ["price"])
    assert make_ship(stage="repaired", price="10").chance == 45
    shown = as_admin.get(f"{STAGES}{stage.pk}/").content.decode()
    assert 'value="45"' in shown
    assert "Look twice." in shown
    as_admin.post(f"{STAGES}{stage.pk}/", STAGE | {"label": "Mended", "asks": [], "expected_days": ""})
    assert (choice("stage", "repaired").label, choice("stage", "repaired").asks) == ("Mended", [])


def test_stages_are_reached_from_the_picklist_values_too(as_admin):
    assert 'href="/settings/types/ship/stages/"' in as_admin.get(KINDS).content.decode()
    assert as_admin.get(STAGES).headers["Location"] == "/settings/types/ship/stages/"


def test_the_page_of_stages_shows_one_pipeline(as_admin, ship):
    shown = as_admin.get("/settings/types/ship/stages/").content.decode()
    assert "In dock" in shown
    assert "Moored" not in shown
    assert "Moored" in as_admin.get("/settings/types/ship/stages/?pipeline=river").content.decode()


def test_the_last_stage_of_an_outcome_stays(as_admin, choice):
    arrived = choice("stage", "arrived")
    assert "Won" in as_admin.get(f"{STAGES}{arrived.pk}/remove/").content.decode()
    refused = as_admin.post(f"{STAGES}{arrived.pk}/", STAGE | {"label": "Arrived", "outcome": "lost"})
    assert refused.status_code == 422


@pytest.mark.covers("R202")
def test_a_pipeline_is_added_with_stages_and_its_expected_cycle(as_admin, ship, choice, told):
    sent = {"label": "Canal", "expected_days": "30", "like": "sea"}
    assert told(as_admin.post("/settings/types/ship/pipelines/new/", sent)) == [
        ("The pipeline “Canal” is added.", "")
    ]
    assert choice("route", "canal").expected_days == 30
    assert labels("stage", "canal") == ["In dock", "Loaded", "Arrived", "Wrecked"]
    url = f"/settings/types/ship/pipelines/{choice('route', 'canal').pk}/"
    as_admin.post(url, {"label": "Great canal", "expected_days": ""})
    assert (choice("route", "canal").label, choice("route", "canal").expected_days) == ("Great canal", None)
    as_admin.post(
        f"/settings/types/ship/picklists/route/{choice('route', 'canal').pk}/hide/", {"is_hidden": "1"}
    )
    assert labels("route") == ["Sea", "River"]


def test_a_removed_choice_cannot_be_edited(as_admin, choice):
    tug = choice("kind", "tug")
    Choice.objects.filter(pk=tug.pk).update(is_removed=True)
    company.touch()
    assert as_admin.get(f"{KINDS}{tug.pk}/").status_code == 404
