"""The administrators' pages of the log."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kariz import audit, notices
from kariz.audit.models import Entry
from kariz.audit.tests.conftest import attack
from kariz.core import registry
from kariz.features.audit import asking, checking, daily
from kariz.features.audit.models import AuditSetting
from kariz.jobs import worker
from tests import specimens
from tests.cast import signed_in
from tests.reading import FRAGMENT, at, html, links, text

LEAD = registry.get("lead")
LOG = "/settings/audit/"
EVIL = "<script>alert(1)</script>"


def entries(answer) -> list[str]:
    return [shown.entry.told.get("typed", "") for shown in answer.context["entries"]]


def fail(*names: str, when: datetime | None = None) -> None:
    for name in names:
        entry = audit.note("sign_in.failed", typed=name)
        if when:
            attack("UPDATE audit_entry SET at = %s WHERE id = %s", when, entry.pk)


class TestWho:
    def test_nobody_but_administrators_comes_in(self, cast):
        for person in (cast.reza, cast.demir, cast.kaveh):
            browser = signed_in(person)
            assert browser.get(LOG).status_code == 403
            assert browser.get(f"{LOG}{Entry.objects.first().pk}/").status_code == 403
            assert browser.get(f"{LOG}settings/").status_code == 403
            assert browser.post(f"{LOG}verify/").status_code == 403
            assert browser.post(f"{LOG}export/csv/").status_code == 403
            assert LOG not in html(browser.get("/"))

    def test_administrators_reach_it_from_the_settings(self, shirin):
        assert links(shirin.get(reverse("web:settings")))["Audit log"] == LOG


class TestSearch:
    def test_by_kind_group_person_words_and_record(self, cast, shirin):
        fail("sara", "ماریا")
        audit.note("undo.others", user=cast.reza, about=("lead", 7, "Sara Ahmadi"))
        assert entries(shirin.get(LOG, {"kind": "sign_in.failed"})) == ["ماریا", "sara"]
        assert len(shirin.get(LOG, {"kind": "sign_in"}).context["entries"]) == 3
        assert len(shirin.get(LOG, {"user": cast.reza.pk}).context["entries"]) == 1
        assert entries(shirin.get(LOG, {"q": "ماريا"})) == ["ماریا"]
        assert len(shirin.get(LOG, {"q": "SARA ahmadi"}).context["entries"]) == 1
        assert len(shirin.get(LOG, {"type": "lead", "id": "7"}).context["entries"]) == 1
        assert "Nothing was noted that fits" in text(shirin.get(LOG, {"q": "nobody at all"}))

    def test_by_days_of_the_readers_calendar_and_clock(self, cast, shirin):
        fail("before", when=datetime(2026, 3, 20, 20, 29, tzinfo=UTC))
        fail("first of the year", when=datetime(2026, 3, 20, 20, 31, tzinfo=UTC))
        type(cast.shirin).objects.filter(pk=cast.shirin.pk).update(
            language="fa", calendar="jalali", digits="persian"
        )
        day = {"kind": "sign_in.failed", "from": "۱۴۰۵/۰۱/۰۱", "to": "۱۴۰۵/۰۱/۰۱"}
        assert entries(shirin.get(LOG, day)) == ["first of the year"]
        wrong = shirin.get(LOG, {"from": "yesterday-ish"})
        assert (wrong.status_code, 'aria-describedby="days-error"' in html(wrong)) == (422, True)

    def test_pages_go_by_key_and_keep_the_filter(self, shirin):
        fail(*(f"{number}" for number in range(asking.SIZE + 3)))
        first = shirin.get(LOG, {"kind": "sign_in.failed"})
        second = shirin.get(first.context["older"])
        seen = entries(first) + entries(second)
        assert seen == [f"{number}" for number in reversed(range(asking.SIZE + 3))]
        assert (second.context["older"], second.context["newest"]) == ("", f"{LOG}?kind=sign_in.failed")
        assert len(shirin.get(LOG, {"after": "nonsense"}).context["entries"]) == asking.SIZE

    def test_a_page_asks_the_database_as_often_for_fifty_entries_as_for_one(self, shirin):
        def asked() -> int:
            shirin.get(LOG)
            with CaptureQueriesContext(connection) as captured:
                shirin.get(LOG)
            return len(captured)

        few = asked()
        for number in range(asking.SIZE):
            audit.note("undo.others", about=("lead", number, f"Sara {number}"), changes={"name": ["a", "b"]})
        assert asked() == few

    def test_what_strangers_type_is_shown_and_never_run(self, cast, shirin):
        Client().post(
            reverse("web:sign_in"),
            {"username": EVIL, "password": "x"},
            headers={"User-Agent": f"{EVIL}\r\nx"},
        )
        entry = Entry.objects.get(kind="sign_in.failed")
        for page in (shirin.get(LOG), shirin.get(f"{LOG}{entry.pk}/")):
            assert EVIL not in html(page)
            assert EVIL in text(page) or "&lt;script&gt;alert(1)" in html(page)


class TestEntry:
    def test_it_tells_everything(self, shirin):
        entry = audit.note(
            "rights.changed",
            about=("user", 3, "Reza"),
            changes={"role": ["salesperson", None]},
            reason="asked",
        )
        page = text(shirin.get(f"{LOG}{entry.pk}/"))
        assert all(word in page for word in ("Rights changed", "User: Reza", "Role", "salesperson", "asked"))
        assert "Not linked into the chain yet." in page
        audit.seal()
        entry = Entry.objects.get(pk=entry.pk)
        assert entry.hash in text(shirin.get(f"{LOG}{entry.pk}/"))

    def test_a_kind_that_is_known_no_more_is_shown_by_its_name(self, shirin):
        audit.kind("old.kind", "x")
        entry = audit.note("old.kind")
        del __import__("kariz.audit.kinds", fromlist=["kinds"]).kinds["old.kind"]
        assert "old.kind" in text(shirin.get(f"{LOG}{entry.pk}/"))


class TestFile:
    def test_of_what_fits_which_is_noted(self, shirin):
        fail("=cmd", "sara")
        answer = shirin.post(f"{LOG}export/csv/", {"kind": "sign_in.failed"})
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert [json.loads(row["details"])["typed"] for row in rows] == ["=cmd", "sara"]
        noted = Entry.objects.get(kind="audit.exported")
        assert noted.told == {"asked": {"kind": "sign_in.failed"}, "entries": 2, "format": "csv"}

    def test_json_lines_hold_what_verifying_elsewhere_needs(self, shirin):
        fail("sara")
        audit.seal()
        answer = shirin.post(f"{LOG}export/jsonl/", {"kind": "sign_in.failed"})
        [line] = b"".join(answer.streaming_content).decode().splitlines()
        told = json.loads(line)
        assert told["hash"] == as_documented(
            told, "previous number at kind user_id about_type about_id digest mac"
        )
        assert told["digest"] == as_documented(told, "salt who address agent title details words")
        assert shirin.post(f"{LOG}export/pdf/").status_code == 404
        assert shirin.get(f"{LOG}export/csv/").status_code == 405


def as_documented(told: dict[str, object], names: str) -> str:
    """What docs/administration.md says of a hash, followed to the letter."""
    values = [told[name] for name in names.split()]
    return hashlib.sha256(json.dumps(values, separators=(",", ":")).encode()).hexdigest()


class TestState:
    def test_verified_now_it_says_that_all_is_whole(self, shirin):
        assert "The log has not been verified yet" in text(shirin.get(LOG))
        assert "nothing was changed" in text(shirin.post(f"{LOG}verify/", follow=True))
        assert "The log is whole" in text(shirin.get(LOG))

    def test_or_what_is_wrong(self, shirin):
        audit.seal()
        attack("UPDATE audit_entry SET kind = 'sign_in.ended' WHERE number = 1")
        page = text(shirin.post(f"{LOG}verify/", follow=True))
        assert "The log is not what was written" in page
        assert "Entry 1 has been changed." in page

    def test_a_long_log_is_verified_by_a_job(self, shirin, monkeypatch):
        audit.seal()
        monkeypatch.setattr(checking, "DIRECTLY", 3)
        assert "It is being verified." in text(shirin.post(f"{LOG}verify/", follow=True))
        worker.drain()
        assert "The log is whole" in text(shirin.get(LOG))

    def test_every_day_administrators_hear_of_a_log_that_is_not_whole(self, cast):
        audit.seal()
        worker.drain()
        assert notices.unread_count(cast.shirin) == 0
        attack("DELETE FROM audit_entry WHERE number = 2")
        daily.verify_audit(job=DONE)
        assert "not what was written" in str(notices.recent(cast.shirin, 1)[0])
        assert notices.unread_count(cast.reza) == 0

    def test_what_is_older_than_the_company_keeps_goes(self, cast):
        audit.seal()
        AuditSetting.objects.create(pk=1, kept_months=12)
        old = timezone.now() - 13 * daily.MONTH
        last = Entry.objects.order_by("-number").first().number
        daily.cut_audit(job=DONE)
        assert Entry.objects.count() == last
        attack("UPDATE audit_entry SET at = %s WHERE number < 3", old)
        daily.cut_audit(job=DONE)
        assert Entry.objects.exclude(number=None).order_by("number").first().number == 3
        assert Entry.objects.get(kind="audit.cut").told["entries"] == 2


class _Done:
    def progress(self, *_: object) -> None:
        """Nobody waits."""


DONE = _Done()


class TestRecord:
    def test_its_tab_tells_who_has_seen_and_exported_it(self, cast, shirin):
        seen, other = specimens.make(LEAD, cast.reza, "Sara"), specimens.make(LEAD, cast.reza, "Ali")
        order = {
            "scope": "selected",
            "ids": [seen.pk],
            "run": "1",
            "format": "csv",
            "form": "iso",
            "fields": "all",
        }
        asked = signed_in(cast.reza).post("/export/lead/", order | {"delimiter": "comma", "vcard": "3.0"})
        b"".join(asked.streaming_content)
        tab = text(shirin.get(at("tab", LEAD, seen.pk, "audit"), headers=FRAGMENT))
        assert "Records exported" in tab
        assert "Reza Moradi" in tab
        empty = text(shirin.get(at("tab", LEAD, other.pk, "audit"), headers=FRAGMENT))
        assert "Nobody has exported this record" in empty
        assert "Views of these records are not noted." in empty

    def test_it_is_for_administrators_alone(self, cast, shirin):
        lead = specimens.make(LEAD, cast.reza)
        assert "Seen and exported" in text(shirin.get(at("record", LEAD, lead.pk)))
        reza = signed_in(cast.reza)
        assert "Seen and exported" not in text(reza.get(at("record", LEAD, lead.pk)))
        assert reza.get(at("tab", LEAD, lead.pk, "audit"), headers=FRAGMENT).status_code == 404
