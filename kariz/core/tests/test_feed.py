"""The feed of changes: everything that a reader may know, once, in order, whoever is writing meanwhile."""

import json
import random
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from kariz.core import changes as undoing
from kariz.core import feed, metadata, records, registry
from kariz.core.models import Change
from kariz.core.tests.models import Ship

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)


def read(cursor="", user=None, types=None, limit=100):
    """Everything there is after the cursor, as (kind, record), and the cursor after it."""
    found, page = [], None
    while page is None or page.has_more:
        page = feed.changes_after(cursor, user, types, limit)
        found, cursor = found + page.changes, page.cursor
    return found, cursor


def names(changes):
    return [change["values"]["name"]["after"] for change in changes if "name" in change["values"]]


class TestWhatIsTold:
    def test_a_change_says_all_that_a_consumer_needs(self, ship, sara):
        made = records.save(
            ship, Ship(), {"name": "Arvand", "price": "1200.50", "currency": "USD"}, user=sara
        )
        records.save(ship, made, {"name": "Karun"}, user=sara)
        (first, second), _cursor = read()
        log = Change.objects.order_by("id").last()
        assert second == {
            "id": log.pk,
            "type": "ship",
            "record": made.pk,
            "kind": "updated",
            "version": 2,
            "batch": {"id": log.batch_id, "kind": "edit"},
            "at": log.at.isoformat(),
            "by": {"id": sara.pk, "username": "sara", "name": "sara"},
            "values": {"name": {"before": "Arvand", "after": "Karun"}},
        }
        assert (first["kind"], first["values"]["price"]) == ("created", {"before": None, "after": "1200.5"})

    def test_a_reader_who_comes_back_gets_only_what_is_new(self, make_ship):
        make_ship(name="Arvand")
        old, cursor = read()
        assert feed.changes_after(cursor, None).changes == []
        make_ship(name="Karun")
        new, _cursor = read(cursor)
        assert (names(old), names(new)) == (["Arvand"], ["Karun"])

    def test_pages_hold_what_was_asked_for_and_say_whether_there_is_more(self, make_ship):
        for number in range(5):
            make_ship(name=f"Ship {number}")
        first = feed.changes_after("", None, limit=2)
        assert (names(first.changes), first.has_more) == (["Ship 0", "Ship 1"], True)
        rest, _cursor = read(first.cursor, limit=2)
        assert names(rest) == ["Ship 2", "Ship 3", "Ship 4"]

    def test_only_the_types_that_were_asked_for(self, make_ship, make_port):
        make_port("Bandar Abbas")
        make_ship(name="Arvand")
        found, cursor = read(types=["ship"])
        assert names(found) == ["Arvand"]
        make_port("Rize")
        assert read(cursor, types=["ship"])[0] == []
        with pytest.raises(KeyError):
            feed.changes_after("", None, ["submarine"])

    def test_a_reader_hears_of_the_records_that_he_sees(self, make_ship, sara, bob, manager, caller):
        make_ship(name="Arvand", owner=sara.pk)
        make_ship(name="Karun", owner=caller.pk)
        make_ship(name="Sefid")
        heard = {reader.username: names(read(user=reader)[0]) for reader in (sara, bob, manager, caller)}
        assert heard == {"sara": ["Arvand"], "bob": ["Arvand"], "manager": ["Arvand"], "caller": ["Karun"]}

    def test_what_is_hidden_from_all_is_not_told(self, ship, make_ship, add_field):
        secret, shown = add_field("Secret", "text"), add_field("Shown", "text")
        make_ship(**{secret: "x", shown: "y"})
        metadata.change_field(ship, secret, is_hidden=True)
        [change] = read()[0]
        assert secret not in change["values"]
        assert change["values"][shown] == {"before": None, "after": "y"}

    def test_a_deletion_is_told_to_those_who_saw_the_record_and_tells_no_values(
        self, ship, make_ship, sara, bob, caller
    ):
        records.delete(ship, [make_ship(name="Arvand", owner=sara.pk)], user=None)
        told = read(user=bob)[0]
        assert [change["kind"] for change in told] == ["created", "deleted"]
        assert told[-1]["values"] == {}
        assert read(user=caller)[0] == []

    def test_a_record_that_came_back_is_judged_by_who_sees_it_now(self, ship, make_ship, sara, caller, admin):
        made = make_ship(name="Arvand", owner=caller.pk)
        batch = records.delete(ship, [made], user=None)
        undoing.undo(batch, admin)
        records.save(ship, Ship.objects.get(), {"owner": sara.pk}, user=None)
        assert read(user=caller)[0] == []
        assert len(read(user=sara)[0]) == 4

    def test_the_queries_do_not_grow_with_the_changes(self, make_ship, sara, django_assert_max_num_queries):
        for number in range(30):
            make_ship(name=f"Ship {number}", owner=sara.pk)
        read(user=sara)
        with django_assert_max_num_queries(6):
            assert len(feed.changes_after("", sara, limit=100).changes) == 30

    @pytest.mark.parametrize("cursor", ["nonsense", "W10", "WzEsMiwzXQ", "Wy0xLCIiLDBd", "é"])
    def test_nonsense_is_no_cursor(self, cursor):
        with pytest.raises(feed.BadCursor):
            feed.changes_after(cursor, None)

    def test_a_cursor_of_what_is_no_more_is_refused_instead_of_skipping(self, make_ship):
        """As after a restore: the same numbers are given to other changes."""
        make_ship(name="Arvand")
        make_ship(name="Karun")
        _found, cursor = read()
        last = Change.objects.order_by("id").last()
        number, batch = last.pk, last.batch
        last.delete()
        with pytest.raises(feed.BadCursor):
            feed.changes_after(cursor, None)
        Change.objects.create(pk=number, batch=batch, record_type="ship", record_id=1, version=1)
        with pytest.raises(feed.BadCursor):
            feed.changes_after(cursor, None)


class TestOnTheCommandLine:
    def run(self, *arguments):
        out = StringIO()
        call_command("changes", *arguments, stdout=out)
        return out.getvalue()

    def test_a_script_follows_the_cursor(self, make_ship, make_port):
        make_port("Rize")
        make_ship(name="Arvand")
        first = json.loads(self.run("--json", "--limit", "1"))
        assert ([one["type"] for one in first["changes"]], first["has_more"]) == (["port"], True)
        then = json.loads(self.run("--json", "--after", first["cursor"]))
        assert [one["type"] for one in then["changes"]] == ["ship"]
        last = json.loads(self.run("--json", "--after", then["cursor"]))
        assert last == {"changes": [], "cursor": then["cursor"], "has_more": False}

    def test_a_person_reads_lines(self, make_ship, sara):
        made = make_ship(name="Arvand", owner=sara.pk)
        line, after = self.run("--types", "ship", "--user", "sara").splitlines()
        assert f"Kariz  ship {made.pk} created: chance, completeness, currency" in line
        assert after.startswith("next: --after ")
        assert self.run("--after", after.split()[-1]).startswith("No changes.\n")

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--types", "submarine"], "Types: "),
            (["--after", "x"], "no cursor"),
            (["--user", "eve"], "no user"),
        ],
    )
    def test_an_error_says_what_is_wrong(self, arguments, told):
        with pytest.raises(CommandError, match=told):
            self.run(*arguments)


@contextmanager
def another(work):
    """`work` done by another connection, in a thread, while the test goes on."""
    errors = []

    def run():
        try:
            work()
        except BaseException as error:  # noqa: BLE001  told to the test
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join(30)
    assert not thread.is_alive()
    assert not errors


@contextmanager
def open_write(name, *, fails=False):
    """A transaction that has written a ship and is not through; it ends with the block."""
    has_written, may_end = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            records.save(registry.get("ship"), Ship(), {"name": name}, user=None)
            has_written.set()
            may_end.wait(30)
            transaction.set_rollback(fails)

    with another(write):
        assert has_written.wait(30)
        try:
            yield
        finally:
            may_end.set()


@on_postgresql
@pytest.mark.django_db(transaction=True)
class TestWhileOthersWrite:
    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch):
        monkeypatch.setattr(feed, "PATIENCE", 0.05)

    def test_a_low_id_that_is_committed_late_is_not_skipped(self, make_ship):
        make_ship(name="first")
        _first, cursor = read()
        make_ship(name="before")
        with open_write("slow"):
            make_ship(name="quick")
            early, cursor = read(cursor)
            assert names(early) == ["before"]
            make_ship(name="quick too")
            blocked = feed.changes_after(cursor, None, limit=1)
            assert (blocked.changes, blocked.has_more) == ([], False)
        assert names(read(cursor)[0]) == ["slow", "quick", "quick too"]

    def test_an_id_that_never_comes_holds_nobody_up(self, make_ship):
        with open_write("given up", fails=True):
            make_ship(name="after")
            early, cursor = read()
            assert early == []
        assert names(read(cursor)[0]) == ["after"]

    def test_old_gaps_do_not_hold_up_a_reader_for_those_who_came_later(self, make_ship):
        with open_write("given up", fails=True):
            make_ship(name="after")
            _nothing, cursor = read()
        with open_write("later"):
            found, cursor = read(cursor)
            assert names(found) == ["after"]
        assert names(read(cursor)[0]) == ["later"]

    def test_a_reader_gets_on_though_somebody_is_always_writing(self, make_ship):
        second = open_write("second")
        with open_write("first"):
            make_ship(name="one")
            _nothing, cursor = read()
            second.__enter__()
            make_ship(name="two")
        try:
            found, cursor = read(cursor)
            assert names(found) == ["first", "one"]
        finally:
            second.__exit__(None, None, None)
        assert names(read(cursor)[0]) == ["second", "two"]

    def test_one_who_is_through_in_a_moment_is_waited_for(self, make_ship, monkeypatch):
        monkeypatch.setattr(feed, "PATIENCE", 10)
        slow = open_write("slow")
        slow.__enter__()
        make_ship(name="quick")
        timer = threading.Timer(0.2, lambda: slow.__exit__(None, None, None))
        timer.start()
        started = time.monotonic()
        found, _cursor = read()
        timer.join()
        assert names(found) == ["slow", "quick"]
        assert time.monotonic() - started < 5

    def test_among_many_writers_nothing_is_lost_doubled_or_out_of_order(self, make_ship):
        """Each writes a ship of its own, some turns slowly, some in vain; the reader follows, then catches up."""
        ours = [make_ship(name="Arvand").pk for _ in range(6)]
        heard, cursor = [], ""
        with ExitStack() as writers:
            for number, pk in enumerate(ours):
                writers.enter_context(another(partial(write_again_and_again, pk, random.Random(number))))
            for limit in (1, 7, 100) * 5:
                page = feed.changes_after(cursor, None, limit=limit)
                heard, cursor = heard + page.changes, page.cursor
        heard += read(cursor)[0]
        assert Counter(one["id"] for one in heard) == Counter(Change.objects.values_list("id", flat=True))
        for pk in ours:
            versions = [one["version"] for one in heard if one["record"] == pk]
            assert versions == list(range(1, len(versions) + 1))


def write_again_and_again(pk, luck):
    for turn in range(12):
        with transaction.atomic():
            made = Ship.objects.get(pk=pk)
            records.save(registry.get("ship"), made, {"name": f"Arvand {turn}"}, user=None)
            time.sleep(luck.choice((0, 0.005, 0.05)))
            transaction.set_rollback(luck.random() < 0.25)
