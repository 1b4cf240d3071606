"""Taking a batch back as another batch."""

import pytest

from kariz.accounts import company
from kariz.accounts.models import Profile
from kariz.core import changes, records
from kariz.core.access import Forbidden
from kariz.core.models import ChangeBatch, Link, ProfileGrant, SearchRow
from kariz.core.search import everywhere
from kariz.core.tests.models import Port, Ship


@pytest.fixture
def batch(sara):
    return records.batch_of("edit", sara)


def test_an_edit_is_taken_back_and_the_undo_is_in_the_history(ship, make_ship, batch, sara):
    saved = make_ship(owner=sara.pk, kind="tug", crew="3")
    records.save(ship, saved, {"kind": "ferry", "crew": ""}, user=sara, batch=batch)
    undone = changes.undo(batch, sara)
    again = Ship.objects.get()
    assert (again.kind, again.crew, undone.restored, undone.kept) == ("tug", 3, 1, [])
    newest = changes.history(ship, saved.pk).first()
    assert newest.batch.undoes == batch
    assert newest.values == {"kind": ["ferry", "tug"], "crew": [None, "3"]}


def test_what_others_changed_since_is_kept_and_told(ship, make_ship, batch, sara, admin):
    saved = make_ship(owner=sara.pk, kind="tug", crew="3")
    edited = records.save(ship, saved, {"kind": "ferry", "crew": "4"}, user=sara, batch=batch)
    records.save(ship, edited, {"kind": "tanker"}, user=admin)
    undone = changes.undo(batch, sara)
    again = Ship.objects.get()
    assert (again.kind, again.crew) == ("tanker", 3)
    assert [(kept.record_id, kept.fields) for kept in undone.kept] == [(saved.pk, ["kind"])]


def test_records_made_by_a_batch_go_again_unless_somebody_worked_on_them(ship, sara):
    batch = records.batch_of("import", sara)
    rows = [(Ship(), {"name": name}) for name in ("One", "Two")]
    one, two = (draft.record for draft in records.save_many(ship, rows, user=sara, batch=batch))
    records.save(ship, two, {"crew": "4"}, user=sara)
    undone = changes.undo(batch, sara)
    assert list(Ship.objects.values_list("pk", flat=True)) == [two.pk]
    assert (undone.restored, [kept.record_id for kept in undone.kept]) == (1, [two.pk])
    assert not SearchRow.objects.filter(record_id=one.pk).exists()


def test_deleted_records_come_back_with_their_ids_links_and_search(ship, port, make_ship, make_port, admin):
    home = make_port("Bandar Abbas")
    saved = make_ship(home=home.pk, ports=[home.pk], price="12", phone="+98 21 8888 1234")
    batch = records.delete(port, [home], user=admin)
    records.delete(ship, [records.find("ship", saved.pk, None)], user=admin, batch=batch)
    changes.undo(batch, admin)
    again = records.find("ship", saved.pk, admin)
    assert (again.home_id, again.ports_ids, again.price, again.created_at) == (
        home.pk,
        [home.pk],
        12,
        saved.created_at,
    )
    assert [hit.record_id for hit in everywhere("88881234", admin)] == [saved.pk]
    assert Link.objects.count() == 1


def test_a_batch_is_undone_once(ship, make_ship, batch, sara):
    records.save(ship, make_ship(owner=sara.pk), {"crew": "4"}, user=sara, batch=batch)
    changes.undo(batch, sara)
    with pytest.raises(Forbidden):
        changes.undo(batch, sara)


def test_an_undo_is_not_undone(ship, make_ship, batch, sara):
    records.save(ship, make_ship(owner=sara.pk), {"crew": "4"}, user=sara, batch=batch)
    undo = changes.undo(batch, sara).batch
    assert not changes.may_undo(undo, sara)


def test_people_undo_their_own_and_administrators_everybodys(ship, make_ship, batch, sara, bob, admin):
    records.save(ship, make_ship(owner=sara.pk), {"crew": "4"}, user=sara, batch=batch)
    with pytest.raises(Forbidden):
        changes.undo(batch, bob)
    assert changes.undo(batch, admin).restored == 1


def test_a_record_changed_twice_in_one_batch_goes_all_the_way_back(ship, make_ship, batch, sara):
    saved = make_ship(owner=sara.pk, crew="1")
    for crew in ("2", "3"):
        saved = records.save(ship, saved, {"crew": crew}, user=sara, batch=batch)
    changes.undo(batch, sara)
    assert Ship.objects.get().crew == 1


def test_a_long_batch_is_undone_in_stretches(ship, sara, monkeypatch):
    monkeypatch.setattr(changes, "AT_ONCE", 3)
    batch = records.batch_of("import", sara)
    records.save_many(ship, [(Ship(), {"name": f"Ship {n}"}) for n in range(8)], user=sara, batch=batch)
    assert changes.undo(batch, sara).restored == 8
    assert not Ship.objects.exists()


def test_custom_and_hidden_fields_are_undone_too(ship, make_ship, batch, sara, add_field):
    field = add_field("Draught", "number")
    saved = make_ship(owner=sara.pk, draught="4.5")
    records.save(ship, saved, {"draught": "7"}, user=sara, batch=batch)
    add_field.hide(field)
    changes.undo(batch, sara)
    assert Ship.objects.get().custom == {"draught": "4.5"}


def test_an_emptied_batch_leaves_nothing_behind(port, sara, make_port):
    make_port("One")
    batch = records.batch_of("edit", sara)
    assert changes.undo(batch, sara).restored == 0
    assert Port.objects.count() == 1
    assert ChangeBatch.objects.filter(undoes=batch).count() == 1


def test_a_record_comes_back_even_where_what_it_linked_to_is_gone(ship, port, make_ship, make_port, admin):
    home = make_port("Bandar Abbas")
    saved = make_ship(home=home.pk, crew="3")
    batch = records.delete(ship, [saved], user=admin)
    records.delete(port, [home], user=admin)
    undone = changes.undo(batch, admin)
    again = Ship.objects.get(pk=saved.pk)
    assert (again.crew, again.home_id, undone.restored) == (3, None, 1)
    assert [(kept.record_id, kept.fields) for kept in undone.kept] == [(saved.pk, ["home"])]


def test_no_default_is_put_where_nothing_was(ship, make_ship, admin):
    saved = make_ship(kind="")
    batch = records.delete(ship, [saved], user=admin)
    changes.undo(batch, admin)
    assert Ship.objects.get().kind == saved.kind == ""


def let_undo(profile):
    grants = {"read": "team", "write": "team", "delete_reach": "team", "may_undo_others": True}
    ProfileGrant.objects.create(profile=Profile.objects.get(key=profile), record_type="ship", **grants)
    company.touch()


def test_what_others_did_is_undone_by_those_who_may(ship, make_ship, batch, sara, bob, manager):
    saved = make_ship(owner=sara.pk, crew="3")
    records.save(ship, saved, {"crew": "4"}, user=sara, batch=batch)
    assert changes.undoable([batch], manager) == set()
    let_undo("sales_manager")
    assert (changes.may_undo(batch, manager), changes.may_undo(batch, bob)) == (True, False)
    changes.undo(batch, manager)
    assert Ship.objects.get().crew == 3


def test_what_others_did_is_not_undone_beyond_ones_reach_or_right(
    ship, port, make_ship, make_port, batch, sara, admin, manager
):
    let_undo("sales_manager")
    records.save(ship, make_ship(owner=sara.pk), {"crew": "4"}, user=sara, batch=batch)
    records.save(ship, make_ship(owner=admin.pk), {"crew": "4"}, user=admin, batch=batch)
    with pytest.raises(Forbidden):
        changes.undo(batch, manager)
    records.save(port, make_port("Rasht", owner=sara.pk), {"name": "Anzali"}, user=sara, batch=batch)
    assert not changes.may_undo(batch, manager)
