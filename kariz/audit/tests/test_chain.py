"""What was written stays as it was, or one can see that it did not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kariz import audit
from kariz.accounts.models import User
from kariz.audit import guards, sealing, signing
from kariz.audit.models import Chain, Entry, Unchangeable
from kariz.audit.tests.conftest import attack, write
from kariz.lib.idsets import IdSet
from kariz.lib.mentions import Mentions

PERSONAL = {"who": "x", "address": "x", "agent": "x", "title": "x", "details": "{}", "words": "x"}
SIGNED = {
    "kind": "sign_in.done",
    "user_id": 7,
    "about_type": "lead",
    "about_id": 7,
    "at": "2020-01-01 00:00:00",
}


def problems(expected: str = "") -> list[str]:
    return audit.verify(expected=expected).problems


class TestWhatIsWritten:
    def test_it_makes_one_chain_from_the_first_to_the_last(self, five):
        links = list(Entry.objects.order_by("number").values_list("number", "previous", "hash"))
        assert [number for number, _previous, _hash in links] == [1, 2, 3, 4, 5]
        assert [previous for _number, previous, _hash in links[1:]] == [own for _n, _p, own in links[:-1]]
        report = audit.verify()
        assert (report.is_whole, report.count, report.end) == (True, 5, str(Chain.objects.get()))

    def test_an_empty_log_is_whole(self, db):
        assert audit.verify().is_whole

    def test_what_is_rolled_back_leaves_no_entry(self, db):
        with transaction.atomic():
            audit.note("sign_in.failed", typed="x")
            transaction.set_rollback(True)
        assert not Entry.objects.exists()

    def test_nothing_is_noted_under_a_kind_that_nobody_knows(self, db):
        with pytest.raises(LookupError, match="nonsense"):
            audit.note("nonsense")

    def test_texts_that_no_database_holds_are_made_harmless(self, db):
        audit.note("sign_in.failed", about=("lead", None, "a\x00b\ud800"), typed="\x00\ud800" + "x" * 5000)
        assert audit.verify().is_whole
        assert Entry.objects.get().title == "a b"
        assert len(Entry.objects.get().told["typed"]) < 2100

    def test_the_program_cannot_change_or_delete_it(self, five):
        for forbidden in (
            lambda: Entry.objects.update(kind="x"),
            lambda: Entry.objects.all().delete(),
            five[0].delete,
            five[0].save,
        ):
            with pytest.raises(Unchangeable):
                forbidden()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_entry SET kind = 'x'",
            "UPDATE audit_entry SET number = NULL",
            "DELETE FROM audit_entry",
            "DELETE FROM audit_chain",
            "DELETE FROM audit_entryrecords",
            "UPDATE audit_entryrecords SET block = 7",
        ],
    )
    def test_the_database_refuses_to_change_or_delete_it(self, five, statement):
        audit.note("sign_in.failed", about=("lead", None, "Leads"), records=IdSet([1]))
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            connection.cursor().execute(statement)
        assert audit.verify().is_whole

    def test_not_even_what_is_not_linked_yet_is_changed(self, db):
        audit.note("sign_in.failed", typed="x")
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            connection.cursor().execute("UPDATE audit_entry SET details = '{}'")
        assert audit.verify().is_whole

    def test_missing_triggers_are_found_and_made_again(self, db):
        guards.remove()
        assert guards.missing() == guards.NAMES
        guards.install()
        assert not guards.missing()


class TestWhatIsNoticed:
    @pytest.mark.parametrize("column", SIGNED)
    def test_a_changed_entry(self, five, column):
        attack(f"UPDATE audit_entry SET {column} = %s WHERE number = 3", SIGNED[column])
        assert problems() == ["Entry 3 has been changed."]

    @pytest.mark.parametrize("column", PERSONAL)
    def test_changed_texts(self, five, column):
        attack(f"UPDATE audit_entry SET {column} = %s WHERE number = 3", PERSONAL[column])
        assert problems() == ["The texts of entry 3 have been changed."]

    def test_a_changed_entry_whose_hash_was_computed_again(self, five):
        attack("UPDATE audit_entry SET kind = 'sign_in.done' WHERE number = 3")
        entry = Entry.objects.get(number=3)
        attack("UPDATE audit_entry SET hash = %s WHERE number = 3", signing.hash_of(entry))
        assert problems() == ["Entry 4 does not follow the one before it."]

    def test_a_chain_that_was_computed_again_to_its_end(self, five):
        attack("UPDATE audit_entry SET kind = 'sign_in.done' WHERE number = 3")
        previous = Entry.objects.get(number=2).hash
        for entry in Entry.objects.filter(number__gt=2).order_by("number"):
            entry.previous = previous
            previous = signing.hash_of(entry)
            attack(
                "UPDATE audit_entry SET previous = %s, hash = %s WHERE id = %s",
                entry.previous,
                previous,
                entry.pk,
            )
        assert problems() == ["The last entry is not the one with which the log ends."]
        attack("UPDATE audit_chain SET hash = %s", previous)
        assert problems() == ["The signed end of the log has been changed."]

    def test_entries_that_were_taken_out(self, five):
        attack("DELETE FROM audit_entry WHERE number = 2")
        assert problems() == ["Entry 2 is missing."]
        attack("DELETE FROM audit_entry WHERE number = 3")
        assert problems() == ["Entries 2 to 3 are missing."]

    def test_a_gap_that_was_closed(self, five):
        attack("DELETE FROM audit_entry WHERE number = 2")
        for number in (3, 4, 5):
            attack("UPDATE audit_entry SET number = %s WHERE number = %s", number - 1, number)
        assert "Entry 2 does not follow the one before it." in problems()

    def test_a_beginning_and_an_end_that_were_cut_off(self, five):
        attack("DELETE FROM audit_entry WHERE number > 3")
        assert problems() == ["The last 2 entries are missing: the log ends at entry 5."]
        attack("DELETE FROM audit_entry WHERE number < 3")
        assert problems()[0] == "Entries 1 to 2 are missing."

    def test_a_cut_end_whose_row_was_changed_too(self, five):
        attack("DELETE FROM audit_entry WHERE number > 3")
        attack("UPDATE audit_chain SET number = 3, hash = %s", Entry.objects.get(number=3).hash)
        assert problems() == ["The signed end of the log has been changed."]

    def test_swapped_entries(self, five):
        attack("UPDATE audit_entry SET number = -1 WHERE number = 2")
        attack("UPDATE audit_entry SET number = 2 WHERE number = 4")
        attack("UPDATE audit_entry SET number = 4 WHERE number = -1")
        assert {"Entry 2 has been changed.", "Entry 4 has been changed."} <= set(problems())

    def test_a_row_that_somebody_inserts_is_never_linked(self, five):
        copied = "at, kind, user_id, about_type, about_id, who, address, agent, title, details, words, salt, digest"
        attack(
            f"INSERT INTO audit_entry ({copied}, mac, previous, hash) SELECT {copied}, %s, '', ''"
            " FROM audit_entry WHERE number = 1",
            "f" * 64,
        )
        forged = Entry.objects.get(number=None)
        write(1)
        assert problems() == [f"The entry with the id {forged.pk} was not written by Kariz."]
        assert Chain.objects.get().number == 6

    def test_a_row_that_was_changed_before_it_was_linked(self, db):
        entry = audit.note("sign_in.failed", typed="x")
        attack("UPDATE audit_entry SET kind = 'sign_in.done'")
        assert problems() == [f"The entry with the id {entry.pk} was not written by Kariz."]

    def test_an_end_that_was_removed(self, five, caplog):
        attack("DELETE FROM audit_chain")
        write(1)
        assert problems() == ["The signed end of the log has been removed."]
        assert "run `kariz audit --verify`" in caplog.text

    def test_a_log_that_was_emptied(self, five):
        for table in ("entryrecords", "entry", "chain"):
            attack(f"DELETE FROM audit_{table}")
        assert problems() == ["The signed end of the log has been removed."]

    def test_an_older_end_only_by_whoever_has_noted_a_later_one(self, five):
        before = Chain.objects.values("number", "hash", "mac").get()
        write(3)
        noted = audit.verify().end
        assert problems(noted) == []
        write(1)
        assert problems(noted) == []
        attack("DELETE FROM audit_entry WHERE number > 5")
        attack("UPDATE audit_chain SET number = %s, hash = %s, mac = %s", *before.values())
        assert problems() == []
        assert problems(noted) == [f"The log does not lead to {noted}: it was replaced by another, or cut."]

    def test_a_list_of_records_that_was_changed(self, db):
        audit.note("sign_in.failed", about=("lead", None, "Leads"), records=IdSet([1, 5, 20_000]))
        audit.seal()
        assert problems() == []
        attack("DELETE FROM audit_entryrecords WHERE block = 2")
        assert problems() == ["The list of records of entry 1 has been changed."]
        attack("UPDATE audit_entryrecords SET bits = %s", b"nonsense")
        assert problems() == ["The list of records of entry 1 has been changed."]


class TestAnotherKey:
    def test_a_log_of_another_key_is_told_apart_and_signed_where_one_says_so(self, five, settings):
        settings.SECRET_KEY = "another-key"
        assert "signed with another key" in problems()[0]
        write(1)
        assert Chain.objects.get().number == 5
        assert audit.adopt("a test")
        assert not audit.adopt("again")
        assert problems() == []
        adopted = Entry.objects.get(kind="audit.adopted")
        assert adopted.told["reason"] == "a test"
        assert adopted.told["end"].startswith("5:")

    def test_what_was_changed_before_is_still_noticed(self, five, settings):
        attack("UPDATE audit_entry SET kind = 'sign_in.done' WHERE number = 3")
        settings.SECRET_KEY = "another-key"
        audit.adopt("a test")
        assert problems() == ["Entry 3 has been changed."]

    def test_a_key_that_is_still_known_is_enough(self, five, settings):
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-key"
        write(1)
        assert (problems(), Chain.objects.get().key) == ([], signing.fingerprint())


class TestCutting:
    def test_old_entries_go_and_the_rest_is_whole(self, five):
        written = write(3)
        assert audit.cut(written[0].at) == 5
        report = audit.verify()
        assert (report.is_whole, report.count, report.number) == (True, 4, 9)
        told = Entry.objects.get(kind="audit.cut").told
        assert (told["entries"], told["last"].partition(":")[0]) == (5, "5")

    def test_the_last_entry_stays_and_so_does_what_is_young(self, five):
        assert audit.cut(timezone.now() + timedelta(days=1)) == 4
        assert audit.cut(timezone.now() - timedelta(days=1)) == 0
        assert audit.verify().is_whole

    def test_a_beginning_that_was_moved_is_noticed(self, five):
        audit.cut(five[2].at)
        audit.seal()
        attack("DELETE FROM audit_entry WHERE number = 3")
        attack("UPDATE audit_chain SET cut_number = 3, cut_hash = %s", Entry.objects.get(number=4).previous)
        assert problems() == ["The signed end of the log has been changed."]

    def test_the_triggers_refuse_again_afterwards(self, five):
        audit.cut(five[2].at)
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            connection.cursor().execute("DELETE FROM audit_entry")
        assert Chain.objects.get().gate == ""

    def test_a_broken_log_is_not_cut(self, five):
        attack("UPDATE audit_chain SET hash = 'x'")
        with pytest.raises(sealing.Broken):
            audit.cut(five[2].at)


SARA = Mentions(names=["Sara Ahmadi"])


class TestForgetting:
    def test_a_name_is_replaced_everywhere_and_the_log_is_whole(self, db):
        audit.note(
            "sign_in.failed",
            about=("contact", 4, "Sara Ahmadi"),
            typed="sara",
            nested=[{"a": "SARA AHMADI!"}],
        )
        audit.note("sign_in.failed", about=("contact", 5, "Sara Ahmadinejad"))
        write(1)
        assert audit.forget(SARA, needles=["Ahmadi"]) == 1
        first = Entry.objects.order_by("id").first()
        assert (first.title, first.told["nested"]) == ("…", [{"a": "…!"}])
        assert "ahmadi" not in first.words
        assert audit.verify().is_whole

    def test_a_record_loses_its_title_whatever_it_was_called(self, db):
        audit.note("sign_in.failed", about=("contact", 4, "S. Ahmadi"))
        assert audit.forget(Mentions(), about=[("contact", 4)]) == 1
        assert Entry.objects.order_by("id")[0].title == "…"
        assert audit.verify().is_whole

    def test_a_colleague_of_the_same_name_stays_named_in_what_he_did(self, db):
        colleague = User.objects.create_user(username="sara", name="Sara Ahmadi")
        audit.note("sign_in.failed", user=colleague, about=("lead", 7, "Sara Ahmadi of Arvand"))
        assert audit.forget(SARA) == 1
        entry = Entry.objects.order_by("id")[0]
        assert (entry.who, entry.title) == ("Sara Ahmadi", "… of Arvand")
        assert audit.verify().is_whole

    def test_a_log_of_another_key_does_not_keep_a_person_from_being_forgotten(self, five, settings):
        settings.SECRET_KEY = "another-key"
        audit.note("sign_in.failed", typed="Sara Ahmadi")
        assert audit.forget(SARA) == 1
        audit.adopt("a test")
        assert audit.verify().is_whole

    def test_it_can_be_done_again(self, db):
        audit.note("sign_in.failed", typed="Sara Ahmadi of Reza Karimi")
        audit.forget(SARA)
        assert audit.forget(Mentions(names=["Reza Karimi"])) == 1
        assert Entry.objects.order_by("id")[0].told["typed"] == "… of …"
        assert audit.verify().is_whole

    def test_texts_that_others_change_afterwards_are_noticed(self, db):
        audit.note("sign_in.failed", typed="Sara Ahmadi")
        audit.forget(SARA)
        attack("UPDATE audit_entry SET details = '{}' WHERE number = 1")
        assert problems() == ["The texts of entry 1 have been changed."]

    def test_with_the_rest_of_its_transaction_it_does_not_happen(self, db):
        audit.note("sign_in.failed", typed="Sara Ahmadi")
        audit.seal()
        with transaction.atomic():
            audit.forget(SARA)
            transaction.set_rollback(True)
        assert Entry.objects.get().told["typed"] == "Sara Ahmadi"
        assert audit.verify().is_whole
