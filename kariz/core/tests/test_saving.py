"""The writing door: one record at a time."""

from datetime import date
from decimal import Decimal

import pytest

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core import records
from kariz.core.models import Change, ChangeBatch
from kariz.core.records import Conflict, Forbidden, Invalid
from kariz.core.tests.models import Ship


def errors_of(*args, **kwargs):
    with pytest.raises(Invalid) as caught:
        records.save(*args, **kwargs)
    return caught.value.errors


def test_a_new_record_gets_its_defaults_and_who_made_it(ship, sara):
    saved = records.save(ship, Ship(), {"name": "Arvand"}, user=sara)
    assert (saved.owner, saved.created_by, saved.version) == (sara, sara, 1)
    assert (saved.kind, saved.route, saved.stage, saved.currency) == ("tanker", "sea", "dock", "USD")
    assert saved.chance == 10


def test_a_value_that_is_given_stands_before_the_default_and_the_stage(ship, make_ship):
    assert make_ship(kind="tug", chance="33").chance == 33
    assert make_ship(kind="").kind == ""


def test_values_are_read_as_the_person_writes_them(ship, make_ship, in_iran):
    with locale.use(Locale.of(None)):
        saved = make_ship(price="۱٬۲۰۰ تومان", built_on="۱۴۰۴/۱۲/۱۹", crew="۱۲", is_insured="بله")
    assert (saved.price, saved.built_on, saved.crew) == (Decimal(12_000), date(2026, 3, 10), 12)
    assert saved.is_insured is True


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("name", ""), ("name", "x" * 101), ("crew", "-1"), ("crew", "2.5"), ("crew", "3000000000"),
        ("length", "1000000"),
        ("price", "12 apples"), ("price", "1" + "0" * 15), ("chance", "101"), ("built_on", "soon"),
        ("sails_at", "later"),
        ("is_insured", "perhaps"), ("kind", "submarine"), ("flags", ["red", "pink"]), ("flags", '["red'),
        ("email", "nobody"), ("phone", "12"), ("website", "not a site"), ("home", "9" * 30), ("home", "-1"),
        ("home", "the sea"), ("ports", "1,x"), ("owner", "424242"), ("stage", "moored"), ("nothing", "1"),
        ("expected_price", "1"), ("created_at", "2026-01-01"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_at_its_field(ship, admin, name, raw):
    assert list(errors_of(ship, Ship(), {"name": "Arvand", name: raw}, user=admin)) == [name]
    assert not Ship.objects.exists()
    assert not Change.objects.exists()


def test_all_errors_are_told_at_once(ship, admin):
    found = errors_of(ship, Ship(), {"name": "Titanic", "crew": "many", "email": "x"}, user=admin)
    assert set(found) == {"name", "crew", "email"}


def test_decimals_are_rounded_to_what_the_column_keeps(make_ship):
    assert make_ship(length="1.239").length == Decimal("1.24")


def test_a_stage_asks_for_fields_when_it_is_entered_and_only_then(ship, make_ship, admin):
    saved = make_ship()
    found = errors_of(ship, saved, {"stage": "loaded"}, user=admin)
    assert found == {"price": ["“Price” is needed for “Loaded”."]}
    loaded = records.save(ship, saved, {"stage": "loaded", "price": "50"}, user=admin)
    assert (loaded.chance, loaded.expected_price) == (60, 30)
    assert records.save(ship, loaded, {"price": ""}, user=admin).price is None


def test_a_stage_belongs_to_its_group(ship, make_ship, admin):
    saved = make_ship(route="river")
    assert saved.stage == "moored"
    assert list(errors_of(ship, saved, {"stage": "loaded", "price": "1"}, user=admin)) == ["stage"]


def test_an_empty_required_field_is_no_hindrance_to_changing_others(ship, make_ship, admin):
    Ship.objects.filter(pk=make_ship().pk).update(name="")
    saved = records.save(ship, Ship.objects.get(), {"crew": "3"}, user=admin)
    assert saved.crew == 3
    assert list(errors_of(ship, saved, {"name": ""}, user=admin)) == ["name"]


def test_unique_values_are_taken_once(ship, make_ship, admin):
    first = make_ship(code="A1")
    assert list(errors_of(ship, Ship(), {"name": "B", "code": "A1"}, user=admin)) == ["code"]
    assert records.save(ship, first, {"code": "A1", "crew": "5"}, user=admin).crew == 5
    assert make_ship(code="").code != "A1"
    assert make_ship(code="").pk


def test_links_to_several_records_are_kept_and_changed(ship, make_ship, make_port, admin):
    one, two, three = (make_port(name).pk for name in ("One", "Two", "Three"))
    saved = make_ship(ports=[one, two])
    changed = records.save(ship, saved, {"ports": f"{two},{three}"}, user=admin)
    assert changed.ports_ids == [two, three]
    assert records.find("ship", saved.pk, admin).ports_ids == [two, three]
    assert Change.objects.last().values["ports"] == [[one, two], [two, three]]


def test_only_records_that_the_person_sees_can_be_linked(ship, make_port, sara, admin):
    hidden = make_port("Hidden")
    refused = errors_of(ship, Ship(), {"name": "Arvand", "home": hidden.pk, "ports": [hidden.pk]}, user=sara)
    assert set(refused) == {"home", "ports"}
    assert records.save(ship, Ship(), {"name": "Arvand", "home": hidden.pk}, user=admin).home == hidden


def test_an_unseen_link_that_stands_already_may_stay(ship, make_port, make_ship, sara):
    saved = make_ship(home=make_port("Hidden").pk, owner=sara.pk)
    assert records.save(ship, saved, {"home": saved.home_id, "crew": "4"}, user=sara).crew == 4


def test_a_locked_record_changes_only_by_the_program(ship, make_ship, admin):
    saved = make_ship()
    Ship.objects.update(is_sunk=True)
    assert list(errors_of(ship, saved, {"crew": "1"}, user=admin)) == ["__all__"]
    assert records.save(ship, saved, {"crew": "1"}, user=None, is_trusted=True).crew == 1
    with pytest.raises(Invalid):
        records.delete(ship, [saved], user=admin)


def test_a_save_that_changes_nothing_leaves_no_trace(ship, make_ship, admin):
    saved = make_ship(crew="3", flags=["red"])
    before = ChangeBatch.objects.count()
    again = records.save(ship, saved, {"crew": "3", "flags": ["red"], "name": "Arvand"}, user=admin)
    assert (again.version, ChangeBatch.objects.count()) == (saved.version, before)


def test_the_change_log_has_each_field_before_and_after(ship, make_ship, admin):
    saved = make_ship(crew="3")
    records.save(ship, saved, {"crew": "4", "built_on": "2026-03-10"}, user=admin)
    change = Change.objects.get(version=2)
    assert change.values == {"crew": ["3", "4"], "built_on": [None, "2026-03-10"]}
    assert (change.kind, change.batch.user, change.batch.kind) == ("updated", admin, "edit")


def test_edits_of_different_fields_merge(ship, make_ship, admin, manager):
    saved = make_ship(owner=manager.pk)
    records.save(ship, saved, {"crew": "4", "name": "Arvand"}, user=admin, version=1)
    merged = records.save(
        ship, saved, {"crew": "", "notes": "mine", "name": "Arvand"}, user=manager, version=1
    )
    assert (merged.crew, merged.notes, merged.version) == (4, "mine", 3)


def test_two_edits_of_one_field_clash_and_say_who_and_what(ship, make_ship, admin, manager):
    saved = make_ship(owner=manager.pk, crew="3")
    records.save(ship, saved, {"crew": "4"}, user=admin, version=1)
    with pytest.raises(Conflict) as caught:
        records.save(ship, saved, {"crew": "5", "notes": "mine"}, user=manager, version=1)
    [clash] = caught.value.clashes
    assert (clash.field, clash.base, clash.theirs, clash.mine) == ("crew", "3", "4", "5")
    assert caught.value.change.batch.user == admin
    assert Ship.objects.get().notes == ""


def test_the_same_edit_twice_is_no_clash(ship, make_ship, admin):
    saved = make_ship(crew="3")
    records.save(ship, saved, {"crew": "4"}, user=admin, version=1)
    assert records.save(ship, saved, {"crew": "4"}, user=admin, version=1).version == 2


def test_a_record_that_is_gone_cannot_be_saved(ship, make_ship, admin):
    saved = make_ship()
    Ship.objects.all().delete()
    assert list(errors_of(ship, saved, {"crew": "4"}, user=admin)) == ["__all__"]


def test_people_write_as_far_as_their_role_reaches(ship, make_ship, sara, bob, caller):
    saved = make_ship(owner=sara.pk)
    assert records.save(ship, saved, {"crew": "1"}, user=sara).crew == 1
    for stranger in (bob, caller):
        with pytest.raises(Forbidden):
            records.save(ship, saved, {"crew": "2"}, user=stranger)
    with pytest.raises(Forbidden):
        records.save(ship, Ship(), {"name": "Arvand"}, user=caller)


def test_completeness_counts_the_expected_fields_that_are_filled(make_ship):
    assert make_ship(kind="").completeness == 0
    assert make_ship(kind="tug", phone="+98 21 8888 1234", email="a@b.ir").completeness == 75


def test_names_sort_as_the_alphabets_do(ship, make_ship):
    for name in ("Zeynep", "Çınar", "Cem", "پارس", "بهار", "تبریز"):
        make_ship(name=name)
    found = [one.name for one in records.visible(ship, None, sort="name")]
    assert found == ["Cem", "Çınar", "Zeynep", "بهار", "پارس", "تبریز"]
