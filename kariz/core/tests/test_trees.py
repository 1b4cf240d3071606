"""Links that make a tree: no record stands below itself, whoever writes and whatever is merged."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.core import changes, links, merging, records
from kariz.core.checks import check_record_types
from kariz.core.merging import Group
from kariz.core.records import Invalid
from kariz.core.tests.fleet import ShipType
from kariz.core.tests.models import Ship
from kariz.core.tests.test_merging import everything

CIRCLE = "The chosen record leads back to this one: that would be a circle. Choose another."


@pytest.fixture
def mother(add_field):
    """Each ship may have a mother ship."""
    return add_field("Mother ship", "lookup", target="ship")


@pytest.fixture
def tree(mother, monkeypatch):
    monkeypatch.setattr(ShipType, "trees", (mother,))
    return mother


@pytest.fixture
def link(ship, mother):
    def linked(one, other):
        return records.save(ship, one, {mother: other.pk if other else ""}, user=None)

    return linked


@pytest.fixture
def fleet_of(make_ship, link):
    """So many ships, each the mother of the next."""

    def made(count):
        found = [make_ship(name=f"Ship {n}") for n in range(count)]
        for above, below in pairwise(found):
            link(below, above)
        return found

    return made


@pytest.fixture
def mothers(mother):
    """The number of each ship's mother among these ships."""

    def numbers(*ships):
        place = {one.pk: n for n, one in enumerate(ships)}
        now = Ship.objects.in_bulk()
        return [place.get(now[one.pk].custom.get(mother)) if one.pk in now else "gone" for one in ships]

    return numbers


class TestSaving:
    @pytest.mark.parametrize("below", [0, 1, 2])
    def test_what_would_be_below_itself_is_refused_at_the_field(self, tree, fleet_of, link, mothers, below):
        ships = fleet_of(3)
        with pytest.raises(Invalid) as refused:
            link(ships[0], ships[below])
        assert refused.value.errors == {tree: [CIRCLE]}
        assert mothers(*ships) == [None, 0, 1]

    def test_everything_else_may_move_anywhere(self, tree, fleet_of, link, mothers):
        ships = fleet_of(3)
        link(ships[2], ships[0])
        link(ships[1], ships[2])
        link(ships[1], None)
        assert mothers(*ships) == [None, None, 0]

    def test_where_the_type_does_not_say_that_it_is_a_tree_circles_are_fine(self, fleet_of, link, mothers):
        ships = fleet_of(2)
        link(ships[0], ships[1])
        assert mothers(*ships) == [1, 0]

    def test_a_set_may_change_places_and_of_a_circle_in_it_one_link_is_refused(
        self, ship, tree, fleet_of, mothers
    ):
        ships = fleet_of(3)

        def move(*mothers):
            rows = [(one, {tree: pk}) for one, pk in zip(ships, mothers, strict=True)]
            return records.save_many(ship, rows, user=None, batch=records.batch_of("edit", None))

        first, second, third = (one.pk for one in ships)
        assert [draft.errors for draft in move(second, third, None)] == [{}, {}, {}]
        assert mothers(*ships) == [1, 2, None]
        move(None, None, None)
        assert [draft.errors for draft in move(second, first, first)] == [{tree: [CIRCLE]}, {}, {}]
        assert mothers(*ships) == [None, 0, 0]

    def test_undo_leaves_out_what_would_close_a_circle_by_now(
        self, ship, tree, fleet_of, mothers, admin, link
    ):
        ships = fleet_of(2)
        batch = records.batch_of("edit", admin)
        records.save(ship, ships[1], {tree: "", "crew": "5"}, user=admin, batch=batch)
        link(ships[0], ships[1])
        undone = changes.undo(batch, admin)
        assert [(one.record_id, one.fields) for one in undone.kept] == [(ships[1].pk, [tree])]
        assert mothers(*ships) == [1, None]

    def test_a_circle_from_former_times_is_no_obstacle_to_others(self, tree, fleet_of, link, mothers):
        ships = fleet_of(3)
        Ship.objects.filter(pk=ships[0].pk).update(custom={tree: ships[1].pk})
        records.save(ShipType(), Ship.objects.get(pk=ships[0].pk), {"crew": "3"}, user=None)
        link(ships[2], ships[0])
        assert mothers(*ships) == [1, 0, 0]

    def test_statements_do_not_grow_with_the_chain_or_the_set(self, ship, tree, fleet_of, make_ship):
        counts = []
        for size in (3, 30):
            *_above, last = fleet_of(size)
            rows = [(make_ship(), {tree: last.pk}) for _n in range(size)]
            with CaptureQueriesContext(connection) as captured:
                records.save_many(ship, rows, user=None, batch=records.batch_of("edit", None))
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_what_is_no_link_to_the_type_itself_stops_the_start(self, monkeypatch):
        monkeypatch.setattr(ShipType, "trees", ("home",))
        assert [one.id for one in check_record_types()] == ["kariz.E009"]


@pytest.mark.parametrize("is_tree", [True, False])
class TestMerging:
    @pytest.fixture(autouse=True)
    def kind(self, mother, is_tree, monkeypatch):
        monkeypatch.setattr(ShipType, "trees", (mother,) if is_tree else ())

    @pytest.fixture
    def merge(self, ship, admin):
        return lambda primary, other, **take: merging.merge(
            ship, primary.pk, [other.pk], user=admin, take=take
        )

    @pytest.mark.parametrize("between", [1, 2, 5])
    def test_a_chain_that_would_lead_back_is_cut_at_the_primary(
        self, fleet_of, mothers, merge, admin, between
    ):
        gone, *chain, kept = fleet_of(2 + between)
        before = everything()
        batch = merge(kept, gone)
        assert mothers(kept, *chain) == [None, *range(between)]
        undone = changes.undo(batch, admin)
        assert (everything(), undone.kept) == (before, [])

    def test_what_the_other_brings_is_not_taken_where_it_leads_back(
        self, fleet_of, mothers, merge, admin, mother
    ):
        kept, between, gone = fleet_of(3)
        before = everything()
        batch = merge(kept, gone, **{mother: gone.pk})
        assert mothers(kept, between) == [None, 0]
        assert changes.undo(batch, admin).kept == []
        assert everything() == before

    def test_what_leads_elsewhere_is_taken_and_nothing_was_a_circle_in_between(
        self, fleet_of, make_ship, link, mothers, merge, admin, mother
    ):
        gone, between, kept = fleet_of(3)
        above = make_ship()
        link(gone, above)
        before = everything()
        batch = merge(kept, gone, **{mother: gone.pk})
        assert mothers(kept, between, above) == [2, 0, None]
        assert changes.undo(batch, admin).kept == []
        assert everything() == before

    def test_groups_that_close_a_circle_together_are_cut_once(
        self, ship, fleet_of, make_ship, mothers, admin, link
    ):
        one, below_one, other, below_other = (make_ship(name=f"Ship {n}") for n in range(4))
        link(below_one, one)
        link(below_other, other)
        before = everything()
        batch = records.batch_of("merge", admin)
        groups = [Group(below_one.pk, (other.pk,)), Group(below_other.pk, (one.pk,))]
        merged = merging.merge_groups(ship, groups, user=admin, batch=batch)
        assert (len(merged.done), merged.opened) == (2, 1)
        assert mothers(below_one, below_other) == [None, 0]
        assert changes.undo(batch, admin).kept == []
        assert everything() == before

    def test_the_links_that_will_be_empty_are_told_before(self, ship, fleet_of, mother):
        first, second, third = fleet_of(3)
        found = Ship.objects.in_bulk()
        links.load(ship, list(found.values()))

        def told(primary, other):
            return [one.name for one in merging.circles(ship, Group(primary.pk, (other.pk,)), found, None)]

        assert told(third, first) == told(first, third) == [mother]
        assert told(first, second) == told(second, first) == told(third, second) == []


def test_a_circle_that_no_merge_has_made_stays(ship, fleet_of, make_ship, link, mothers, admin):
    one, other = fleet_of(2)
    link(one, other)
    merging.merge(ship, one.pk, [make_ship().pk], user=admin)
    assert mothers(one, other) == [1, 0]
