"""What administrators do to the values of choice fields, to stages and pipelines."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from kariz.core import changes, choices, picklists, records
from kariz.core.choices import Seed
from kariz.core.tests.models import Ship


def choice(field, key):
    return choices.find("ship", field, key)


def keys(field, group=None):
    return [one.key for one in choices.of("ship", field, group)]


def refused(call, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return " ".join(caught.value.messages)


def test_a_new_choice_is_offered_at_once_at_the_end(ship, make_ship):
    added = picklists.add_choice(ship, "kind", label="Ice breaker", colour="blue")
    assert (added.key, keys("kind")) == ("ice_breaker", ["tanker", "ferry", "tug", "ice_breaker"])
    assert make_ship(kind="Ice breaker").kind == "ice_breaker"


def test_a_renamed_choice_keeps_its_records(ship, make_ship):
    saved = make_ship(kind="tug")
    picklists.change_choice(choice("kind", "tug"), label="Tow boat", colour="red")
    assert ship.fields["kind"].show(saved.kind) == "Tow boat"
    assert make_ship(kind="tow boat").kind == "tug"


def test_a_choice_needs_a_label(ship):
    with pytest.raises(ValidationError):
        picklists.add_choice(ship, "kind", label=" ")
    with pytest.raises(ValidationError):
        picklists.change_choice(choice("kind", "tug"), label="")


def test_a_label_that_was_only_read_in_translation_stays_translatable(ship):
    picklists.change_choice(choice("kind", "tug"), label="Yes")
    with override("fa"):
        assert ship.fields["kind"].show("tug") == "بله"
        picklists.change_choice(choice("kind", "tug"), label="بله", colour="red")
    assert (choice("kind", "tug").label, choice("kind", "tug").colour) == ("Yes", "red")


def test_choices_are_ordered_and_one_is_the_default(ship, make_ship):
    picklists.order_choices(ship, "kind", ["tug", "tanker", "ferry"])
    picklists.change_choice(choice("kind", "ferry"), is_default=True)
    assert keys("kind") == ["tug", "tanker", "ferry"]
    assert make_ship().kind == "ferry"


def test_a_hidden_choice_is_kept_by_its_records_and_offered_to_no_other(ship, make_ship):
    saved = make_ship(kind="tug")
    picklists.change_choice(choice("kind", "tug"), is_hidden=True)
    assert keys("kind") == ["tanker", "ferry"]
    assert records.save(ship, saved, {"kind": "tug", "crew": "3"}, user=None).crew == 3
    assert ship.fields["kind"].show("tug") == "Tug"


def test_records_of_a_removed_choice_move_as_one_batch_that_can_be_undone(ship, make_ship, admin):
    moved, other = make_ship(kind="tug"), make_ship(kind="ferry")
    tug = choice("kind", "tug")
    assert picklists.used_count(tug) == 1
    batch = picklists.remove_choice(tug, admin, move_to="tanker")
    assert keys("kind") == ["tanker", "ferry"]
    assert set(Ship.objects.values_list("kind", flat=True)) == {"tanker", "ferry"}
    changes.undo(batch, admin)
    picklists.restore_choice(tug)
    assert Ship.objects.get(pk=moved.pk).kind == "tug"
    assert Ship.objects.get(pk=other.pk).version == 1
    assert keys("kind") == ["tanker", "ferry", "tug"]


def test_history_knows_the_name_of_a_removed_choice(ship, admin):
    picklists.remove_choice(choice("kind", "tug"), admin)
    assert ship.fields["kind"].show("tug") == "Tug"
    again = picklists.add_choice(ship, "kind", label="Tug")
    assert again.key == "tug_2"


def test_records_need_a_choice_to_move_to(ship, make_ship, admin):
    make_ship(kind="tug")
    for nowhere in ("", "tug", "submarine"):
        refused(picklists.remove_choice, choice("kind", "tug"), admin, move_to=nowhere)
    assert "tug" in keys("kind")


def test_of_several_choices_only_the_removed_one_is_replaced(ship, make_ship, admin):
    make_ship(flags=["red", "green"])
    make_ship(flags=["red", "white"])
    picklists.remove_choice(choice("flags", "red"), admin, move_to="white")
    assert sorted(Ship.objects.values_list("flags", flat=True)) == [["white"], ["white", "green"]]


def test_locked_records_move_too_and_all_of_many(ship, make_ship, admin, monkeypatch):
    monkeypatch.setattr(picklists, "AT_ONCE", 2)
    for _ in range(5):
        make_ship(kind="tug")
    Ship.objects.update(is_sunk=True)
    batch = picklists.remove_choice(choice("kind", "tug"), admin, move_to="ferry")
    assert batch.changes.count() == 5


def test_a_removed_stage_moves_its_records_within_its_pipeline(ship, make_ship, admin):
    make_ship(stage="loaded", price="5")
    refused(picklists.remove_choice, choice("stage", "loaded"), admin, move_to="moored")
    picklists.remove_choice(choice("stage", "loaded"), admin, move_to="arrived")
    saved = Ship.objects.get()
    assert (saved.stage, saved.chance, saved.expected_price) == ("arrived", 100, 5)


def test_a_record_that_cannot_move_stops_the_removal(ship, make_ship, admin):
    make_ship(kind="tug")
    Ship.objects.update(name="Titanic")
    assert "Titanic" in refused(picklists.remove_choice, choice("kind", "tug"), admin, move_to="ferry")
    assert "tug" in keys("kind")


def test_what_new_records_get_stays(ship, admin):
    assert "default" in refused(picklists.remove_choice, choice("kind", "tanker"), admin)
    assert "default" in refused(picklists.change_choice, choice("kind", "tanker"), is_hidden=True)


def test_the_last_stage_of_an_outcome_stays(ship, admin):
    assert "Won" in refused(picklists.remove_choice, choice("stage", "arrived"), admin)
    assert "Won" in refused(picklists.change_choice, choice("stage", "arrived"), outcome="lost")
    picklists.add_choice(ship, "stage", label="Sold", group="sea", outcome="won")
    picklists.remove_choice(choice("stage", "arrived"), admin)
    assert keys("stage", "sea") == ["dock", "loaded", "wrecked", "sold"]


def test_the_last_pipeline_stays(ship, admin):
    picklists.remove_choice(choice("route", "river"), admin)
    picklists.change_choice(choice("route", "sea"), is_default=False)
    assert "last" in refused(picklists.remove_choice, choice("route", "sea"), admin)


def test_a_value_that_code_names_can_only_be_renamed(ship, admin, monkeypatch):
    monkeypatch.setattr(ship, "choices", {"kind": (Seed("tug", "Tug", is_fixed=True),)}, raising=False)
    assert "Kariz" in refused(picklists.remove_choice, choice("kind", "tug"), admin)
    assert picklists.change_choice(choice("kind", "tug"), label="Tow boat").label == "Tow boat"


def test_a_stage_sets_values_and_asks_for_fields(ship, make_ship):
    picklists.change_choice(choice("stage", "arrived"), sets={"chance": "95%", "crew": ""}, asks=["crew"])
    assert choice("stage", "arrived").sets == {"chance": "95"}
    assert make_ship(stage="arrived", crew="3").chance == 95
    refused(picklists.change_choice, choice("stage", "arrived"), sets={"chance": "195"})
    refused(picklists.change_choice, choice("stage", "arrived"), sets={"nothing": "1"})


def test_a_new_pipeline_has_stages_of_its_own_like_anothers(ship, make_ship, admin):
    picklists.add_group(ship, "route", label="Canal", like="sea", expected_days=30)
    stages = choices.of("ship", "stage", "canal")
    assert [one.label for one in stages] == ["In dock", "Loaded", "Arrived", "Wrecked"]
    assert [one.outcome for one in stages] == ["", "", "won", "lost"]
    assert not {one.key for one in stages} & set(keys("stage", "sea"))
    saved = make_ship(route="canal")
    assert (saved.stage, saved.chance) == (stages[0].key, 10)
    picklists.change_choice(stages[0], label="Waiting")
    assert choice("stage", "dock").label == "In dock"


def test_a_record_that_changes_its_pipeline_goes_to_the_stage_of_the_same_name_or_to_the_first(
    ship, make_ship, admin
):
    picklists.add_group(ship, "route", label="Canal", like="sea")
    saved = make_ship(stage="loaded", price="5")
    moved = records.save(ship, saved, {"route": "canal"}, user=admin)
    assert choice("stage", moved.stage).label == "Loaded"
    assert records.save(ship, moved, {"route": "river"}, user=admin).stage == "moored"


def test_a_stage_is_known_by_its_name_in_the_records_own_pipeline(ship, make_ship):
    picklists.add_group(ship, "route", label="Canal", like="sea")
    assert choice("stage", make_ship(route="canal", stage="Arrived").stage).group == "canal"
