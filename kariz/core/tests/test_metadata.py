"""What administrators do to fields and layout is in force at once."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core import metadata, records
from kariz.core.models import Change, ChangeBatch, FieldSetting
from kariz.core.records import Invalid
from kariz.core.tests.models import Ship
from kariz.jobs import worker
from kariz.jobs.models import Job


def refused(call, *args, **kwargs):
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return caught.value


def layout(record_type):
    return {block.key: list(block.fields) for block in record_type.blocks}


def test_a_new_field_is_there_at_once_at_the_end_of_its_block(ship, make_ship):
    setting = metadata.add_field(
        ship, label="Draught (m)", type="number", block="more", help="Below the water."
    )
    assert setting.name == "draught_m"
    assert layout(ship)["more"][-1] == "draught_m"
    assert make_ship(draught_m="4.50").custom == {"draught_m": "4.5"}
    field = ship.fields["draught_m"]
    assert (str(field.label), field.help, field.is_custom) == ("Draught (m)", "Below the water.", True)


def test_fields_may_have_the_same_label_but_never_the_same_name(ship):
    names = [
        metadata.add_field(ship, label=label, type="text").name
        for label in ("Name", "Draught", "Draught", "عمق")
    ]
    assert names == ["name_2", "draught", "draught_2", "amgh"]


@pytest.mark.parametrize(
    ("wrong", "attribute"),
    [
        ({"label": " "}, "label"), ({"type": "links"}, "type"), ({"type": "colour"}, "type"),
        ({"type": "lookup"}, "target"), ({"type": "number", "default": "many"}, "default"),
        ({"type": "number", "formula": "crew +"}, "formula"), ({"type": "number", "formula": "ports"}, "formula"),
        ({"type": "number", "formula": "draught * 2"}, "formula"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_with_the_reason(ship, wrong, attribute):
    error = refused(metadata.add_field, ship, **{"label": "Draught", "type": "text"} | wrong)
    assert list(error.message_dict) == [attribute]
    assert not FieldSetting.objects.exists()


def test_a_default_is_typed_in_the_readers_way_and_used_for_new_records(ship, make_ship, in_iran):
    with locale.use(Locale.of(None)):
        metadata.add_field(ship, label="Seen", type="date", default="۱۴۰۴/۱۲/۱۹")
        metadata.change_field(ship, "seen", label="Last seen")
    assert ship.fields["seen"].get(make_ship()) == date(2026, 3, 10)
    assert make_ship(seen="").custom == {}


def test_a_required_custom_field_is_asked_for(ship, admin, add_field):
    field = add_field("Flag", "text", is_required=True)
    with pytest.raises(Invalid) as caught:
        records.save(ship, Ship(), {"name": "Arvand"}, user=admin)
    assert list(caught.value.errors) == [field]


def test_shipped_fields_are_renamed_required_and_given_defaults(ship, make_ship):
    metadata.change_field(ship, "crew", label="Sailors", is_required=True, default="12", help="All hands.")
    field = ship.fields["crew"]
    assert (field.label, field.is_required, field.help) == ("Sailors", True, "All hands.")
    assert make_ship().crew == 12


def test_a_label_that_only_repeats_the_shipped_one_is_not_kept(ship):
    assert metadata.change_field(ship, "crew", label="Crew").label == ""


def test_a_hidden_field_keeps_its_values_and_comes_back(ship, make_ship, add_field):
    saved = make_ship(crew="7")
    add_field.hide("crew")
    assert "crew" not in ship.fields
    assert all("crew" not in names for names in layout(ship).values())
    records.save(ship, saved, {"name": "Karun"}, user=None)
    metadata.change_field(ship, "crew", is_hidden=False)
    assert ship.fields["crew"].get(Ship.objects.get()) == 7


@pytest.mark.parametrize("name", ["name", "owner", "stage", "route"])
def test_what_a_record_needs_cannot_be_hidden(ship, name):
    assert "is_hidden" in refused(metadata.change_field, ship, name, is_hidden=True).message_dict


def test_an_unknown_field_cannot_be_changed(ship):
    refused(metadata.change_field, ship, "nothing", label="Something")
    assert not FieldSetting.objects.exists()


def test_fields_move_between_blocks_and_stand_nowhere_twice(ship):
    metadata.arrange(
        ship,
        [
            {"key": "more", "label": "Further", "fields": ["notes", "crew", "no_such_field"]},
            {"label": "New one", "fields": ["name", "crew"]},
        ],
    )
    found = layout(ship)
    assert list(found) == ["more", "new_one"]
    assert found["more"] == ["notes", "crew"]
    assert found["new_one"][0] == "name"
    assert set(found["more"]) | set(found["new_one"]) >= {"kind", "stage", "home"}
    assert len(found["new_one"]) == len(set(found["new_one"]))


def test_a_layout_keeps_a_block_and_a_block_keeps_a_label(ship):
    refused(metadata.arrange, ship, [])
    refused(metadata.arrange, ship, [{"label": " ", "fields": []}])


def test_a_formula_is_computed_on_save_and_for_the_records_that_are_there(ship, make_ship):
    old = make_ship(crew="4", length="10.5")
    metadata.add_field(ship, label="Room", type="number", formula="length / crew")
    worker.drain()
    assert Ship.objects.get().custom == {"room": "2.625"}
    assert records.save(ship, old, {"crew": ""}, user=None).custom == {}
    with pytest.raises(Invalid):
        records.save(ship, old, {"room": "5"}, user=None)


@pytest.mark.usefixtures("in_iran")
def test_what_is_wrong_with_a_formula_is_told_in_the_reader_s_digits(ship):
    with locale.use(Locale.of(None)):
        told = refused(metadata.add_field, ship, label="Room", type="number", formula="x1 + sin(2)")
    assert "«sin»" in str(told)
    assert "۶" in str(told)


def test_formulas_read_each_other_whatever_their_order(ship, make_ship):
    metadata.add_field(ship, label="Double", type="number", formula="crew * 2")
    metadata.add_field(ship, label="Quadruple", type="number", formula="double * 2")
    metadata.change_field(ship, "double", formula="crew * 2 + 1")
    metadata.add_field(ship, label="Start", type="number", formula="crew")
    metadata.change_field(ship, "double", formula="start * 2")
    assert make_ship(crew="3").custom == {"start": "3", "double": "6", "quadruple": "12"}
    assert "formula" in refused(metadata.change_field, ship, "start", formula="quadruple + 1").message_dict


def test_a_formula_that_does_not_fit_leaves_its_field_empty(ship, make_ship):
    metadata.add_field(ship, label="Share", type="percent", formula="crew * 100")
    assert make_ship(crew="3").custom == {}


def test_a_new_norm_measures_every_record_again_without_touching_others_work(ship, make_ship, admin):
    saved = make_ship(crew="3", kind="")
    metadata.expect(ship, ["crew", "notes"])
    worker.drain()
    again = Ship.objects.get()
    assert (again.completeness, again.version) == (50, saved.version + 1)
    assert records.save(ship, saved, {"notes": "x"}, user=admin, version=saved.version).completeness == 100


def test_a_recomputation_that_changes_nothing_leaves_no_trace(ship, make_ship):
    make_ship(crew="3")
    before = (Change.objects.count(), ChangeBatch.objects.count())
    metadata.expect(ship, ship.expected_fields)
    worker.drain()
    assert (Change.objects.count(), ChangeBatch.objects.count()) == before


def test_an_unknown_field_cannot_be_expected(ship):
    refused(metadata.expect, ship, ["nothing"])


def test_a_renamed_field_needs_no_job(ship, add_field):
    field = add_field("Draught", "number", is_indexed=True)
    Job.objects.all().delete()
    metadata.change_field(ship, field, label="Depth")
    assert not Job.objects.exists()
