"""Several records become one, with all that belonged to them, and several again when it is undone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.core import changes, choosing, forwards, merging, records
from kariz.core.access import Forbidden
from kariz.core.merging import Group, Outdated
from kariz.core.models import Change, ChangeBatch, Link, MergedRecord, SearchRow
from kariz.core.records import Invalid
from kariz.core.search import everywhere
from kariz.core.tests.models import Port, Ship


def rows(model, *without):
    """Every row as it stands in the table; what each write moves on aside."""
    skipped = {"version", "updated_at", *without}
    return [
        {name: value for name, value in row.items() if name not in skipped}
        for row in model.objects.order_by("pk").values()
    ]


def everything():
    searched = sorted(SearchRow.objects.values_list("record_type", "record_id", "owner_id", "title", "words"))
    linked = sorted(Link.objects.values_list("record_type", "field", "record_id", "target_type", "target_id"))
    return rows(Port), rows(Ship), searched, linked


def test_what_pointed_at_the_merged_record_points_at_the_primary(port, ship, make_port, make_ship, admin):
    kept, gone, other = make_port("Bandar Abbas"), make_port("Bandar-e Abbas"), make_port("Mersin")
    one = make_ship(home=gone.pk, ports=[gone.pk, other.pk])
    both = make_ship(home=other.pk, ports=[gone.pk, kept.pk])
    merging.merge(port, kept.pk, [gone.pk], user=admin)
    one, both = (records.find("ship", saved.pk, None) for saved in (one, both))
    assert (one.home_id, one.ports_ids) == (kept.pk, [kept.pk, other.pk])
    assert (both.home_id, both.ports_ids) == (other.pk, [kept.pk])
    assert sorted(Port.objects.values_list("pk", flat=True)) == [kept.pk, other.pk]
    assert forwards.now(port, gone.pk) == kept.pk


def test_undo_brings_everything_back_as_it_was(port, ship, make_port, make_ship, admin):
    kept = make_port("Bandar Abbas")
    gone = make_port("Bandar-e Abbas", country="ir")
    make_ship(home=gone.pk, ports=[gone.pk, kept.pk])
    before = everything()
    batch = merging.merge(port, kept.pk, [gone.pk], user=admin)
    assert Port.objects.get().country == "ir"
    undone = changes.undo(batch, admin)
    assert everything() == before
    assert undone.kept == []
    assert forwards.now(port, gone.pk) is None
    assert [hit.record_id for hit in everywhere("Bandar-e", admin)] == [gone.pk]


def test_the_primary_keeps_its_values_and_takes_what_it_has_not(ship, make_ship, admin):
    kept = make_ship(kind="tug", crew="3", flags=["red"], notes="Paint her.")
    gone = make_ship(kind="ferry", crew="4", flags=["green"], email="a@b.ir", notes="Sold?", is_insured=True)
    merging.merge(ship, kept.pk, [gone.pk], user=admin)
    now = Ship.objects.get()
    assert (now.kind, now.crew, now.email, now.flags, now.notes, now.is_insured) == (
        "tug", 3, "a@b.ir", ["red", "green"], "Paint her.", True,
    )  # fmt: skip


def test_each_field_can_be_taken_from_another_record_or_from_all(ship, make_ship, admin):
    kept = make_ship(kind="tug", crew="3", flags=["red"], notes="Paint her.", code="X1")
    gone = make_ship(kind="ferry", crew="4", flags=["green"], notes="Sold?", code="X2")
    take = {"kind": gone.pk, "flags": kept.pk, "notes": choosing.ALL, "code": gone.pk}
    batch = merging.merge(ship, kept.pk, [gone.pk], user=admin, take=take)
    now = Ship.objects.get()
    assert (now.kind, now.crew, now.flags, now.notes) == ("ferry", 3, ["red"], "Paint her.\n\nSold?")
    assert now.code == "X2", "a value that only one record may have goes over from the one to the other"
    changes.undo(batch, admin)
    assert sorted(Ship.objects.values_list("code", flat=True)) == ["X1", "X2"]


def test_a_stage_comes_with_its_route_and_an_amount_with_its_currency(ship, make_ship, admin):
    kept = make_ship(route="river", price="10", currency="USD")
    gone = make_ship(route="sea", stage="arrived", price="99", currency="IRR")
    merging.merge(ship, kept.pk, [gone.pk], user=admin, take={"route": gone.pk, "price": gone.pk})
    now = Ship.objects.get()
    assert (now.route, now.stage, now.price, now.currency) == ("sea", "arrived", 99, "IRR")


def test_nothing_can_be_taken_from_a_stranger_or_into_a_field_that_is_not_there(ship, make_ship, admin):
    one, two, three = make_ship(), make_ship(), make_ship()
    for take in ({"kind": three.pk}, {"colour": one.pk}, {"kind": choosing.ALL}):
        with pytest.raises(Invalid):
            merging.merge(ship, one.pk, [two.pk], user=admin, take=take)


def test_who_may_not_change_the_one_or_delete_the_others_is_told(ship, make_ship, sara, bob, manager):
    mine, too, bobs = make_ship(owner=sara.pk), make_ship(owner=sara.pk), make_ship(owner=bob.pk)
    for primary, other in ((mine, too), (bobs, mine)):
        with pytest.raises(Forbidden):
            merging.merge(ship, primary.pk, [other.pk], user=sara)
    merging.merge(ship, mine.pk, [too.pk, bobs.pk], user=manager)
    assert Ship.objects.get().pk == mine.pk


def test_what_one_does_not_see_one_does_not_merge(ship, make_ship, manager):
    mine, hidden = make_ship(owner=manager.pk), make_ship(owner=None)
    with pytest.raises(Outdated):
        merging.merge(ship, mine.pk, [hidden.pk], user=manager)


def test_a_locked_record_only_takes_the_others_in_and_stays_as_it_is(ship, make_ship, admin):
    sunk, other = make_ship(crew=""), make_ship(crew="4")
    Ship.objects.filter(pk=sunk.pk).update(is_sunk=True)
    with pytest.raises(Invalid, match="locked"):
        merging.merge(ship, other.pk, [sunk.pk], user=admin)
    merging.merge(ship, sunk.pk, [other.pk], user=admin)
    assert (Ship.objects.get().pk, Ship.objects.get().crew) == (sunk.pk, None)


def test_who_has_not_seen_the_latest_values_is_asked_again(ship, make_ship, admin):
    one, two = make_ship(), make_ship()
    seen = {one.pk: one.version, two.pk: two.version}
    records.save(ship, two, {"crew": "9"}, user=None)
    with pytest.raises(Outdated):
        merging.merge(ship, one.pk, [two.pk], user=admin, versions=seen)
    assert not ChangeBatch.objects.filter(kind="merge").exists()


def test_what_was_changed_after_a_merge_stays_and_is_told_on_undo(port, ship, make_port, make_ship, admin):
    kept, gone = make_port("Bandar Abbas"), make_port("Bandar-e Abbas", country="ir")
    moved = make_ship(home=gone.pk)
    batch = merging.merge(port, kept.pk, [gone.pk], user=admin)
    records.save(port, Port.objects.get(), {"country": "tr"}, user=admin)
    records.save(ship, moved, {"home": ""}, user=admin)
    undone = changes.undo(batch, admin)
    assert {(one.record_type, one.record_id) for one in undone.kept} == {
        ("port", kept.pk),
        ("ship", moved.pk),
    }
    assert Port.objects.get(pk=gone.pk).country == "ir"
    assert Port.objects.get(pk=kept.pk).country == "tr"


def test_a_chain_of_merges_leads_to_the_last_and_is_undone_from_there(port, make_port, admin):
    first, second, third = (make_port(name) for name in ("One", "Two", "Three"))
    before = everything()
    batches = [
        merging.merge(port, second.pk, [first.pk], user=admin),
        merging.merge(port, third.pk, [second.pk], user=admin),
    ]
    assert forwards.now(port, first.pk) == third.pk
    assert forwards.absorbed(port, third.pk) == {second.pk: "Two", first.pk: "One"}
    for batch in reversed(batches):
        changes.undo(batch, admin)
    assert everything() == before


def test_a_custom_link_is_followed_too_and_no_record_points_at_itself(ship, make_ship, add_field, admin):
    sister = add_field("Sister", "lookup", target="ship")
    kept, gone = make_ship(name="Arvand"), make_ship(name="Arvand II")
    records.save(ship, kept, {sister: str(gone.pk)}, user=None)
    third = make_ship(name="Karun", **{sister: str(gone.pk)})
    before = everything()
    batch = merging.merge(ship, kept.pk, [gone.pk], user=admin)
    sisters = {one.pk: one.custom.get(sister) for one in Ship.objects.all()}
    assert sisters == {kept.pk: None, third.pk: kept.pk}
    changes.undo(batch, admin)
    assert everything() == before


def test_what_registers_hears_of_every_merge_in_its_transaction(port, make_port, admin, monkeypatch):
    heard = []
    monkeypatch.setattr(merging, "_follow_ups", [])
    merging.on_merge(lambda *told: heard.append(told))
    kept, gone = make_port("Bandar Abbas"), make_port("Bandar-e Abbas")
    batch = merging.merge(port, kept.pk, [gone.pk], user=admin)
    assert heard == [(port, {gone.pk: kept.pk}, batch)]


class TestManyGroups:
    def test_they_are_merged_in_one_batch_and_undone_as_one(self, port, ship, make_port, make_ship, admin):
        groups = []
        for number in range(5):
            kept, gone = make_port(f"Port {number}"), make_port(f"Port of {number}")
            make_ship(home=gone.pk)
            groups.append(Group(kept.pk, (gone.pk,)))
        before = everything()
        batch = records.batch_of("merge", admin)
        merged = merging.merge_groups(port, groups, user=admin, batch=batch)
        assert (len(merged.done), merged.left, Port.objects.count()) == (5, [], 5)
        changes.undo(batch, admin)
        assert everything() == before

    def test_those_that_cannot_be_merged_are_left_with_the_reason(self, port, make_port, admin):
        one, two, three, four = (make_port(name) for name in "ABCD")
        groups = [Group(one.pk, (two.pk,)), Group(two.pk, (three.pk,)), Group(four.pk, (999_999,))]
        merged = merging.merge_groups(port, groups, user=admin, batch=records.batch_of("merge", admin))
        assert merged.done == groups[:1]
        assert [told for _group, told in merged.left] == [
            "Somebody has deleted or merged one of these records meanwhile."
        ] * 2

    def test_a_killed_worker_goes_on_where_it_was(self, port, make_port, admin):
        one, two, three, four = (make_port(name) for name in "ABCD")
        groups = [Group(one.pk, (two.pk,)), Group(three.pk, (four.pk,))]
        batch = records.batch_of("merge", admin)
        merging.merge_groups(port, groups[:1], user=admin, batch=batch)
        again = merging.merge_groups(port, groups, user=admin, batch=batch)
        assert (again.done, again.left) == (groups, [])
        assert MergedRecord.objects.count() == 2

    def test_statements_grow_with_chunks_not_with_groups(self, port, make_port, make_ship, admin):
        def make(count):
            made = []
            for number in range(count):
                kept, gone = make_port(f"Port {number}"), make_port(f"Port of {number}", country="ir")
                make_ship(home=gone.pk, ports=[gone.pk])
                made.append(Group(kept.pk, (gone.pk,)))
            return made

        counts = []
        for size in (3, 30):
            batch, groups = records.batch_of("merge", admin), make(size)
            with CaptureQueriesContext(connection) as captured:
                merging.merge_groups(port, groups, user=admin, batch=batch)
            counts.append(len(captured))
        assert counts[1] - counts[0] < 5, counts


def test_the_log_tells_what_happened_to_each_record(port, ship, make_port, make_ship, admin):
    kept, gone = make_port("Bandar Abbas"), make_port("Bandar-e Abbas", country="ir")
    moved = make_ship(home=gone.pk)
    batch = merging.merge(port, kept.pk, [gone.pk], user=admin)
    told = {(one.record_type, one.record_id, one.kind) for one in Change.objects.filter(batch=batch)}
    assert told == {
        ("ship", moved.pk, "updated"),
        ("port", gone.pk, "deleted"),
        ("port", kept.pk, "updated"),
    }
    assert (batch.kind, batch.label) == ("merge", "Bandar Abbas")
