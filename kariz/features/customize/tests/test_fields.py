"""Fields and their layout, on screen."""

import json

import pytest

from kariz.core.models import Choice, FieldSetting
from kariz.core.tests.models import Ship
from kariz.jobs import worker

FIELDS = "/settings/types/ship/fields/"
NEW = {"label": "Draught", "type": "number", "block": "more", "help": "", "default": "", "choices": "", "formula": "",
       "target": "port"}  # fmt: skip


def layout(ship):
    return {block.key: list(block.fields) for block in ship.blocks}


@pytest.mark.covers("R282", "R287")
def test_a_new_field_is_on_the_form_and_in_the_list_at_once(as_admin, ship, admin, told):
    answer = as_admin.post(f"{FIELDS}new/", NEW | {"default": "4.5", "is_required": "on"})
    assert told(answer) == [("The field “Draught” is added.", "")]
    assert layout(ship)["more"][-1] == "draught"
    form = as_admin.get("/ship/new/").content.decode()
    assert 'name="draught"' in form
    assert 'value="4.5"' in form
    as_admin.post(
        "/ship/new/", {"name": "Arvand", "draught": "7", "stage": "dock", "route": "sea", "kind": "tug"}
    )
    assert Ship.objects.get().custom == {"draught": "7"}
    assert "7" in as_admin.get("/ship/?columns=name,draught").content.decode()
    where = json.dumps(["draught", "greater", "5"])
    assert "Arvand" in as_admin.get("/ship/", {"where": where}).content.decode()


def test_a_dialog_answers_with_the_address_to_go_to(as_admin, htmx):
    answer = as_admin.post(f"{FIELDS}new/", NEW, headers=htmx("dialog"))
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, FIELDS)


def test_a_choice_field_gets_its_values_as_lines(as_admin, ship):
    as_admin.post(
        f"{FIELDS}new/", NEW | {"label": "Hull", "type": "choice", "choices": "Steel\n Wood \n\nSteel\n"}
    )
    assert [one.label for one in Choice.objects.filter(field="hull")] == ["Steel", "Wood"]
    assert ship.fields["hull"].type.name == "choice"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"label": ""}, "This field is required."), ({"type": "choice"}, "Give at least one value."),
        ({"default": "many"}, "“many” is not a number."), ({"formula": "crew +"}, "formula"),
        ({"type": "lookup", "target": "plane"}, "Select a valid choice"),
        ({"block": "nowhere"}, "Select a valid choice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_added(as_admin, htmx, wrong, told):
    answer = as_admin.post(f"{FIELDS}new/", NEW | wrong, headers=htmx("dialog"))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not FieldSetting.objects.exists()


def test_what_the_type_has_no_use_for_is_left_out(as_admin, ship):
    as_admin.post(
        f"{FIELDS}new/", NEW | {"label": "Pilot", "type": "user", "default": "x", "formula": "crew"}
    )
    field = ship.fields["pilot"]
    assert (field.target, field.formula, field.default) == ("user", "", None)


def test_a_shipped_field_is_renamed_explained_and_required(as_admin, ship, told):
    sent = {"label": "Sailors", "help": "All hands.", "block": "main", "is_required": "on", "crew": "12"}
    assert told(as_admin.post(f"{FIELDS}crew/", sent)) == [("The field is saved.", "")]
    field = ship.fields["crew"]
    assert (field.label, field.help, field.is_required, field.default) == (
        "Sailors",
        "All hands.",
        True,
        "12",
    )
    assert "crew" in layout(ship)["main"]


def test_a_default_is_asked_for_by_the_fields_own_input(as_admin, ship, in_iran):
    shown = as_admin.get(f"{FIELDS}built_on/").content.decode()
    assert 'name="built_on"' in shown
    as_admin.post(f"{FIELDS}built_on/", {"label": "Built", "block": "main", "built_on": "۱۴۰۴/۱۲/۱۹"})
    assert ship.fields["built_on"].default == "2026-03-10"
    assert (
        as_admin.post(f"{FIELDS}built_on/", {"label": "Built", "block": "main", "built_on": "x"}).status_code
        == 422
    )


def test_a_field_that_records_need_can_neither_be_hidden_nor_made_optional(as_admin, ship):
    shown = as_admin.get(f"{FIELDS}name/").content.decode()
    assert "Hide this field" not in shown
    assert 'name="is_required"' not in shown
    as_admin.post(f"{FIELDS}name/hide/", {"is_hidden": "1"})
    assert "name" in ship.fields


def test_a_hidden_field_is_gone_from_the_screens_until_it_is_shown_again(as_admin, ship, told):
    answer = as_admin.post(f"{FIELDS}crew/hide/", {"is_hidden": "1"})
    [(text, undo_url)] = told(answer)
    assert text == "“Crew” is hidden. Its values are kept."
    assert 'name="crew"' not in as_admin.get("/ship/new/").content.decode()
    as_admin.post(undo_url)
    assert "crew" in ship.fields
    as_admin.post(f"{FIELDS}crew/hide/", {"is_hidden": "1"})
    as_admin.post(f"{FIELDS}crew/hide/")
    assert "crew" in ship.fields


@pytest.mark.covers("R284")
def test_the_order_of_fields_and_blocks_is_saved_as_it_stands_on_the_page(as_admin, ship, htmx):
    before = layout(ship)
    sent = {
        "block": ["more", "main"], "label-more": "Further", "label-main": "Main",
        "fields-more": ["notes", "kind"], "fields-main": [name for name in before["main"] if name != "kind"],
    }  # fmt: skip
    answer = as_admin.post(f"{FIELDS}arrange/", sent, headers=htmx())
    assert "The order is saved." in answer.content.decode()
    assert list(layout(ship)) == ["more", "main"]
    assert layout(ship)["more"][:2] == ["notes", "kind"]
    assert [str(block.label) for block in ship.blocks] == ["Further", "Main"]


def test_blocks_are_added_moved_and_removed_with_a_button(as_admin, ship):
    sent = {"block": ["main", "more"], "label-main": "Main", "label-more": "More", "fields-main": ["name"],
            "fields-more": ["notes"]}  # fmt: skip
    as_admin.post(f"{FIELDS}arrange/", sent | {"add": "1", "new_label": "Cargo"})
    assert list(layout(ship)) == ["main", "more", "cargo"]
    as_admin.post(f"{FIELDS}arrange/", sent | {"down": "main"})
    assert list(layout(ship)) == ["more", "main"]
    as_admin.post(f"{FIELDS}arrange/", sent | {"remove": "more"})
    assert list(layout(ship)) == ["main"]
    assert layout(ship)["main"][:2] == ["name", "notes"]


def test_a_block_without_a_label_is_refused(as_admin, ship):
    before = layout(ship)
    as_admin.post(
        f"{FIELDS}arrange/", {"block": "main", "label-main": " ", "fields-main": "name", "add": "1"}
    )
    assert layout(ship) == before


def test_a_field_says_how_many_records_use_it(as_admin, make_ship, add_field):
    field = add_field("Draught", "number")
    make_ship(crew="3", **{field: "5"})
    make_ship(flags=["red"], is_insured=True)
    used = {"crew": 1, field: 1, "flags": 1, "is_insured": 1, "ports": 0, "name": 2}
    for name, count in used.items():
        assert f"{count} of 2" in as_admin.get(f"{FIELDS}{name}/count/").content.decode()


def test_a_formula_is_tried_on_the_records_changed_last(as_admin, make_ship):
    make_ship(name="Arvand", crew="4", length="10.5")
    make_ship(name="Karun", crew="")
    shown = as_admin.post(
        f"{FIELDS}formula/", {"type": "number", "formula": "length / crew"}
    ).content.decode()
    assert "Arvand" in shown
    assert "2.625" in shown
    assert (
        "cannot be read"
        in as_admin.post(f"{FIELDS}formula/", {"type": "number", "formula": "crew +"}).content.decode()
    )


def test_a_formula_field_is_made_and_changed(as_admin, ship, make_ship):
    make_ship(crew="4")
    as_admin.post(f"{FIELDS}new/", NEW | {"label": "Room", "formula": "crew * 2"})
    as_admin.post(f"{FIELDS}room/", {"label": "Room", "block": "more", "formula": "crew * 3"})
    worker.drain()
    assert Ship.objects.get().custom == {"room": "12"}
    assert (
        as_admin.post(f"{FIELDS}room/", {"label": "Room", "block": "more", "formula": "room"}).status_code
        == 422
    )


@pytest.mark.covers("R131", "R132")
def test_the_completeness_norm_is_chosen_by_ticks(as_admin, ship, make_ship):
    make_ship(crew="3", kind="")
    as_admin.post("/settings/types/ship/completeness/", {"expected": ["crew", "notes", "wings"]})
    worker.drain()
    assert set(ship.expected_fields) == {"notes", "crew"}
    assert Ship.objects.get().completeness == 50
