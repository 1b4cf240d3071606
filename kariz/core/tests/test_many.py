"""The writing door for sets: imports, bulk edits, deletions."""

import pytest

from kariz.core import links, records
from kariz.core.models import Change, Link, SearchRow
from kariz.core.records import Forbidden
from kariz.core.tests.models import Port, Ship


@pytest.fixture
def batch(admin):
    return records.batch_of("import", admin, "ships.csv")


def test_good_rows_are_written_and_bad_ones_say_why(ship, batch, admin):
    rows = [(Ship(), {"name": "One"}), (Ship(), {"name": ""}), (Ship(), {"name": "Three", "crew": "x"})]
    drafts = records.save_many(ship, rows, user=admin, batch=batch)
    assert [list(draft.errors) for draft in drafts] == [[], ["name"], ["crew"]]
    assert [change.record_id for change in batch.changes.all()] == [drafts[0].record.pk]


def test_a_unique_value_is_refused_twice_in_one_set(ship, batch, admin):
    rows = [(Ship(), {"name": name, "code": "A1"}) for name in ("One", "Two")]
    first, second = records.save_many(ship, rows, user=admin, batch=batch)
    assert not first.errors
    assert list(second.errors) == ["code"]


def test_statements_do_not_grow_with_the_set(ship, admin, make_port, django_assert_max_num_queries):
    port = make_port("Bushehr")

    def write(count):
        batch = records.batch_of("import", admin)
        rows = [(Ship(), {"name": f"Ship {n}", "home": port.pk, "ports": [port.pk]}) for n in range(count)]
        return records.save_many(ship, rows, user=admin, batch=batch)

    write(1)
    with django_assert_max_num_queries(25) as counted:
        drafts = write(60)
    edits = [(draft.record, {"crew": "7"}) for draft in drafts]
    with django_assert_max_num_queries(len(counted.captured_queries) + 5):
        records.save_many(ship, edits, user=admin, batch=records.batch_of("bulk edit", admin))
    assert Ship.objects.filter(crew=7).count() == 60


def test_a_bulk_edit_raises_each_version_and_logs_each_change(ship, batch, admin, make_ship):
    ships = [make_ship(), make_ship(kind="tug")]
    records.save_many(ship, [(one, {"kind": "tug"}) for one in ships], user=admin, batch=batch)
    assert sorted(Ship.objects.values_list("version", flat=True)) == [1, 2]
    assert [change.values for change in batch.changes.all()] == [{"kind": ["tanker", "tug"]}]


def test_one_forbidden_record_stops_the_whole_set(ship, batch, sara, bob, make_ship):
    ships = [make_ship(owner=sara.pk), make_ship(owner=bob.pk)]
    with pytest.raises(Forbidden):
        records.save_many(ship, [(one, {"kind": "tug"}) for one in ships], user=sara, batch=batch)
    assert not Ship.objects.filter(kind="tug").exists()


def test_deleting_lets_go_of_every_link_to_the_record(ship, port, admin, make_port, make_ship):
    home, call = make_port("Home"), make_port("Call")
    saved = make_ship(home=home.pk, ports=[home.pk, call.pk])
    batch = records.delete(port, [home], user=admin)
    kept = records.find("ship", saved.pk, admin)
    assert (kept.home_id, kept.ports_ids) == (None, [call.pk])
    assert {change.record_type for change in batch.changes.all()} == {"ship", "port"}
    assert not SearchRow.objects.filter(record_type="port", record_id=home.pk).exists()
    assert not Link.objects.filter(target_id=home.pk).exists()


def test_only_those_with_the_right_delete(ship, make_ship, sara, manager):
    saved = make_ship(owner=sara.pk)
    with pytest.raises(Forbidden):
        records.delete(ship, [saved], user=sara)
    records.delete(ship, [saved], user=manager)
    assert not Ship.objects.exists()
    assert Change.objects.last().values["name"] == ["Arvand", None]


def test_linked_names_are_loaded_in_one_query_a_type(
    ship, make_port, make_ship, sara, django_assert_num_queries
):
    one, two = make_port("One"), make_port("Two")
    ships = [make_ship(home=one.pk, ports=[two.pk], owner=sara.pk), make_ship(home=two.pk)]
    with django_assert_num_queries(3):
        links.load(ship, ships)
        names = links.names([ship.fields[name] for name in ("home", "ports", "owner")], ships, None)
    assert names == {("port", one.pk): "One", ("port", two.pk): "Two", ("user", sara.pk): "sara"}
    assert Port.objects.count() == 2
