"""`kariz doctor` finds what differs and repairs it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.core import changes, choices, doctor, indexes, picklists, records, search
from kariz.core.looks import storage
from kariz.core.models import ChangeBatch, Link, SearchRow
from kariz.core.tests.models import Port, Ship
from kariz.jobs import worker
from kariz.web.models import Visit


def examined(*options):
    out = StringIO()
    try:
        call_command("doctor", "--json", *options, stdout=out)
    except CommandError:
        assert "--repair" not in options
    return {one["name"]: one["count"] for one in json.loads(out.getvalue())}


def repaired(*names):
    """Whether the doctor finds these, repairs them, and finds nothing afterwards."""
    return set(examined()) == set(examined("--repair")) == set(names) and examined() == {}


@pytest.fixture
def ships(make_ship, make_port):
    port = make_port("Bushehr")
    for name in ("Arvand", "Karun", "Sefid"):
        make_ship(name=name, ports=[port.pk], flags=["red"])


def test_a_healthy_database_needs_nothing(ships):
    out = StringIO()
    call_command("doctor", stdout=out)
    assert out.getvalue() == "Everything is in order.\n"


def test_what_is_wrong_is_told_and_fails_the_command(ships):
    SearchRow.objects.filter(title="Arvand").delete()
    out = StringIO()
    with pytest.raises(CommandError, match="--repair"):
        call_command("doctor", stdout=out)
    assert "Search does not know 1 ship records" in out.getvalue()


def test_search_rows_that_miss_or_differ_are_written(ships):
    SearchRow.objects.filter(title="Arvand").delete()
    SearchRow.objects.filter(title="Karun").update(words="something", owner_id=5)
    assert examined() == {"search_rows": 2}
    assert repaired("search_rows")
    assert len(search.everywhere("arvand", None)) == 1


def test_search_rows_of_records_that_are_gone_go_too(ships):
    Ship.objects.filter(name="Arvand").delete()
    SearchRow.objects.create(record_type="submarine", record_id=1, title="x", words="x")
    assert examined()["lost_search_rows"] == 2
    assert repaired("lost_search_rows", "lost_links", "lost_records")


def test_links_of_records_that_are_gone_go_too(ships):
    Port.objects.all().delete()
    SearchRow.objects.filter(record_type="port").delete()
    assert examined() == {"lost_links": 3, "lost_records": 1}
    assert repaired("lost_links", "lost_records")
    assert not Link.objects.exists()


def test_a_lost_index_is_made(ship, ships, add_field):
    add_field("Draught", "number", is_indexed=True)
    assert examined() == {"missing_index": 1}
    assert repaired("missing_index")
    worker.drain()
    assert indexes.missing() == []


def test_a_choice_that_records_have_comes_back(ship, ships, admin, add_field):
    field = add_field("Berths", "choices")
    picklists.remove_choice(choices.find("ship", "kind", "tug"), admin)
    Ship.objects.filter(name="Arvand").update(kind="tug", custom={field: ["north", "south"]})
    Ship.objects.filter(name="Karun").update(kind="rowboat", flags=["red", "pink"])
    assert len(list(doctor.examine())) == 5
    assert repaired("missing_choice")
    assert [one.key for one in choices.of("ship", "kind")] == ["tanker", "ferry", "tug"]
    assert choices.find("ship", "kind", "rowboat").is_hidden
    assert choices.find("ship", "flags", "pink").is_hidden


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no full-text table")
def test_the_full_text_table_is_rebuilt_with_its_triggers(ships, make_ship):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER core_searchrow_words_update")
    SearchRow.objects.filter(title="Arvand").update(words="arvand rud")
    assert "full_text" in examined()
    examined("--repair")
    assert examined() == {}
    make_ship(name="Sea Star")
    assert [hit.title for hit in search.everywhere("star", None)] == ["Sea Star"]


def test_a_name_by_which_a_record_is_sorted_wrongly_is_made_anew(ships):
    Ship.objects.filter(name="Karun").update(sort_name="zzz")
    assert repaired("sort_names")
    assert [one.name for one in Ship.objects.order_by("sort_name")] == ["Arvand", "Karun", "Sefid"]


def test_a_custom_link_to_a_record_that_is_gone_is_emptied_and_can_be_undone(ship, ships, add_field):
    field = add_field("Sister", "lookup", target="port")
    Ship.objects.filter(name="Karun").update(custom={field: 4711})
    assert repaired("lost_targets")
    assert Ship.objects.get(name="Karun").custom == {}
    [change] = changes.history(ship, Ship.objects.get(name="Karun").pk)[:1]
    assert change.values == {field: [4711, None]}


def test_a_record_that_vanished_gets_its_deletion_and_comes_back_by_undo(ship, ships, admin):
    gone = Ship.objects.get(name="Karun")
    records.save(ship, gone, {"notes": "Leaks"}, user=None)
    Ship.objects.filter(pk=gone.pk).delete()
    assert repaired("lost_search_rows", "lost_links", "lost_records")
    batch = ChangeBatch.objects.get(kind="repair")
    changes.undo(batch, admin)
    back = Ship.objects.get(pk=gone.pk)
    assert (back.name, back.notes, back.flags) == ("Karun", "Leaks", ["red"])
    assert set(examined()) == set()


def test_a_record_that_was_deleted_by_the_door_is_in_order(ship, ships):
    records.delete(ship, [Ship.objects.get(name="Karun")], user=None)
    assert examined() == {}


def test_what_belongs_to_a_record_stays_as_long_as_the_record_can_come_back(ship, ships, admin):
    there, deleted = Ship.objects.get(name="Arvand"), Ship.objects.get(name="Karun")
    for pk in (there.pk, deleted.pk, 4711):
        Visit.objects.create(user=admin, record_type="ship", record_id=pk)
    records.delete(ship, [deleted], user=None)
    assert examined() == {"lost_attachments": 1}
    assert repaired("lost_attachments")
    assert set(Visit.objects.values_list("record_id", flat=True)) == {there.pk, deleted.pk}


def test_a_card_without_a_place_gets_one(ships):
    Ship.objects.filter(name="Karun").update(rank=1e300)
    assert repaired("ranks")
    assert Ship.objects.get(name="Karun").rank < 1e15


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite looks after its numbers itself")
def test_a_number_that_would_be_given_twice_is_skipped(ships, make_ship):
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 1)", [Ship._meta.db_table])
    assert repaired("sequence")
    assert make_ship(name="Sea Star").pk


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no half-built indexes")
def test_an_index_that_was_never_finished_is_made_anew(ships):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ship_owner'::regclass")
    assert repaired("invalid_index")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite's file")
def test_a_damaged_file_is_told_and_what_cannot_be_repaired_says_so(ships, monkeypatch):
    monkeypatch.setattr(storage, "_wrong_in_file", lambda: ["row 5 missing from index ship_owner"])
    out = StringIO()
    with pytest.raises(CommandError, match="cannot be repaired"):
        call_command("doctor", "--repair", stdout=out)
    assert "Not repaired: Rows are damaged" in out.getvalue()


def test_the_number_of_statements_grows_with_the_types_and_not_with_the_records(ships, make_ship):
    list(doctor.examine())

    def statements():
        with CaptureQueriesContext(connection) as seen:
            assert list(doctor.examine()) == []
        return len(seen)

    before = statements()
    for number in range(20):
        make_ship(name=f"Ship {number}")
    assert statements() == before
