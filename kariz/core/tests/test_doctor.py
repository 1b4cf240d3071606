"""`kariz doctor` finds what differs and repairs it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kariz.core import choices, doctor, indexes, picklists, search
from kariz.core.models import Link, SearchRow
from kariz.core.tests.models import Port, Ship
from kariz.jobs import worker


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
    assert repaired("lost_search_rows", "lost_links")


def test_links_of_records_that_are_gone_go_too(ships):
    Port.objects.all().delete()
    SearchRow.objects.filter(record_type="port").delete()
    assert examined() == {"lost_links": 3}
    assert repaired("lost_links")
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
