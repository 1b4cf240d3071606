"""Rules about what is kept: tried out first, confirmed by somebody, run by a job, stopped when they take too much."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kariz import jobs
from kariz.core import changes, records, registry
from kariz.core.models import Change, ChangeBatch
from kariz.features.privacy import retention
from kariz.features.privacy.models import RetentionRule, RetentionRun
from kariz.features.privacy.retaining import run_retention
from kariz.features.privacy.tests.searching import rows_naming
from kariz.jobs import worker
from kariz.notices.models import Notice
from tests import specimens
from tests.forms import form, send
from tests.reading import FRAGMENT, at, links, text

LEAD, CONTACT, DEAL = registry.get("lead"), registry.get("contact"), registry.get("opportunity")
OLD = {"all": [["description", "contains", "old"]]}


@pytest.fixture
def old(cast):
    return [
        specimens.make(LEAD, cast.reza, f"Ali {n}", email=f"ali{n}@example.org", description="old")
        for n in range(3)
    ]


@pytest.fixture
def young(cast):
    return [specimens.make(LEAD, cast.reza, f"Sara {n}", email=f"sara{n}@example.org") for n in range(7)]


@pytest.fixture
def make(shirin):
    """Make a rule through the screen."""

    def rule(way="delete", where=OLD, kind="lead", **said):
        page = shirin.get(reverse("privacy:rule_new", args=[kind]))
        given = {
            "name": "Old leads",
            "way": way,
            "every_days": "7",
            "do": "save",
            "filter": json.dumps(where),
            **said,
        }
        answer = send(shirin, page, "every_days", **given)
        assert answer.status_code == 302, text(answer)
        return RetentionRule.objects.get()

    return rule


def confirm(client, rule, **said):
    page = client.get(reverse("privacy:rule", args=[rule.pk]))
    return send(client, page, "count", **{"sure": "1", "do": "confirm", **said})


def titles():
    return sorted(LEAD.model.objects.values_list("title", flat=True))


class TestBeforeItRuns:
    def test_a_rule_is_off_and_its_dry_run_touches_nothing(self, make, shirin, old, young):
        rule = make()
        page = text(shirin.get(reverse("privacy:rule", args=[rule.pk])))
        assert "Now it would touch 3 of 10 records." in page
        assert "Ali 0" in page
        jobs.enqueue("run_due_retention")
        worker.drain()
        assert not rule.is_on
        assert len(titles()) == 10
        assert not RetentionRun.objects.exists()

    def test_it_waits_for_a_person_who_has_seen_the_same_count(self, make, shirin, old, young, cast):
        rule = make()
        page = shirin.get(reverse("privacy:rule", args=[rule.pk]))
        assert "tick the box" in text(shirin.get(send(shirin, page, "count", do="confirm")["Location"]))
        specimens.make(LEAD, cast.reza, "One more", description="old")
        answer = send(shirin, page, "count", sure="1", do="confirm")
        assert "There are other records now" in text(shirin.get(answer["Location"]))
        assert not RetentionRun.objects.exists()

    def test_a_rule_for_everything_is_refused(self, shirin):
        page = shirin.get(reverse("privacy:rule_new", args=["lead"]))
        answer = send(shirin, page, "every_days", name="All", do="save", filter='{"all": []}')
        assert answer.status_code == 422
        assert "a rule for all of them is none" in text(answer)
        assert not RetentionRule.objects.exists()

    def test_a_list_becomes_a_rule(self, shirin, old, young):
        menu = shirin.get(at("list", LEAD), {"where": json.dumps(OLD)})
        page = shirin.get(links(menu)["Retention rule"])
        answer = send(shirin, page, "every_days", name="Old", do="save")
        assert answer.status_code == 302
        assert RetentionRule.objects.get().where == OLD

    def test_the_builder_gives_its_rows(self, shirin):
        page = shirin.get(reverse("privacy:rule_new", args=["lead"]))
        assert "filter" in form(page, "every_days").fields
        row = shirin.get(at("condition", LEAD), {"field": "created_at"}, headers=FRAGMENT)
        assert "is in the past" in text(row)

    def test_only_administrators_come_in(self, make, cast, browser_of):
        rule = make()
        reza = browser_of(cast.reza)
        for address in (
            reverse("privacy:retention"),
            reverse("privacy:rule", args=[rule.pk]),
            reverse("privacy:rule_new", args=["lead"]),
        ):
            assert reza.get(address).status_code == 403
        assert reza.post(reverse("privacy:rule_run", args=[rule.pk]), {"do": "confirm"}).status_code == 403


class TestDeleting:
    def test_it_deletes_as_one_batch_that_can_be_undone(self, make, shirin, cast, old, young):
        rule = make()
        confirm(shirin, rule)
        worker.drain()
        run = RetentionRun.objects.get()
        assert (run.state, run.done_count, run.left_count) == ("done", 3, 0)
        assert len(titles()) == 7
        assert "Old leads" in text(shirin.get(reverse("web:batch", args=[run.batch_id])))
        changes.undo(run.batch, cast.shirin)
        assert len(titles()) == 10

    def test_after_thirty_days_nothing_can_bring_them_back(
        self, make, shirin, cast, old, young, django_capture_on_commit_callbacks
    ):
        confirm(shirin, make())
        worker.drain()
        jobs.enqueue("settle_retention")
        worker.drain()
        assert RetentionRun.objects.get().settled_at is None
        RetentionRun.objects.update(finished_at=timezone.now() - timedelta(days=31))
        jobs.enqueue("settle_retention")
        with django_capture_on_commit_callbacks(execute=True):
            worker.drain()
        assert rows_naming("ali0@example.org", "Ali 1") == []
        batch = ChangeBatch.objects.get(pk=RetentionRun.objects.get().batch_id)
        assert not changes.may_undo(batch, cast.shirin)
        assert len(titles()) == 7

    def test_locked_records_and_those_with_open_deals_are_left(self, make, shirin, cast):
        _free, busy, done = (
            specimens.make(CONTACT, cast.reza, name, description="old") for name in ("Free", "Busy", "Done")
        )
        specimens.make(DEAL, cast.reza, "Open deal", primary_contact=str(busy.pk))
        lost = specimens.make(DEAL, cast.reza, "Lost deal", primary_contact=str(done.pk))
        stage = next(
            one.key for one in DEAL.choices["stage"] if one.outcome == "lost" and one.group == lost.pipeline
        )
        records.save(DEAL, lost, {"stage": stage}, user=None, is_trusted=True, is_stored=True)
        rule = make(kind="contact", where={"all": [["description", "contains", "old"]]}, spares_open="on")
        assert "Left: 1. Something open belongs to it." in text(
            shirin.get(reverse("privacy:rule", args=[rule.pk]))
        )
        confirm(shirin, rule)
        worker.drain()
        run = RetentionRun.objects.get()
        assert (run.done_count, run.left) == (2, [[busy.pk, "Something open belongs to it."]])
        assert list(CONTACT.model.objects.values_list("pk", flat=True)) == [busy.pk]
        assert "Busy Something open belongs to it." in text(
            shirin.get(reverse("privacy:rule", args=[rule.pk]))
        )

    def test_a_run_goes_on_where_a_killed_one_ended(self, make, shirin, old, young, monkeypatch):
        monkeypatch.setattr(retention, "AT_ONCE", 1)
        confirm(shirin, make())
        run = RetentionRun.objects.get()
        job = run.job

        class Killed(BaseException):
            pass

        def progress(done, total=None, message=""):
            if done == 2:
                raise Killed

        monkeypatch.setattr(type(job), "progress", lambda self, *told: progress(*told))
        with pytest.raises(Killed):
            run_retention(job, run=run.pk)
        assert len(titles()) == 8
        monkeypatch.undo()
        worker.drain()
        run.refresh_from_db()
        assert (run.state, run.done_count) == ("done", 3)
        assert Change.objects.filter(batch=run.batch, kind="deleted").count() == 3

    def test_a_rule_that_is_switched_off_goes_no_further(self, make, shirin, old, young):
        rule = make()
        confirm(shirin, rule)
        shirin.post(reverse("privacy:rule_run", args=[rule.pk]), {"do": "off"})
        worker.drain()
        assert RetentionRun.objects.get().state == "stopped"
        assert len(titles()) == 10


class TestAnonymising:
    def test_it_anonymises_once_and_for_good(
        self, make, shirin, cast, old, young, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            confirm(
                shirin,
                make(way="anonymise", where={"all": [["source", "not_empty"], ["title", "contains", "ali"]]}),
            )
            worker.drain()
        assert rows_naming("ali0@example.org", "ali1@example.org", "Ali 1") == []
        assert len(titles()) == 10
        run = RetentionRun.objects.get()
        assert not changes.may_undo(run.batch, cast.shirin)
        rule = RetentionRule.objects.get()
        assert "Now it would touch 0 of 10 records." in text(
            shirin.get(reverse("privacy:rule", args=[rule.pk]))
        )


class TestByItself:
    def later(self, rule):
        RetentionRule.objects.filter(pk=rule.pk).update(last_run_at=timezone.now() - timedelta(days=8))
        jobs.enqueue("run_due_retention")
        worker.drain()

    def test_it_runs_when_it_is_due(self, make, shirin, cast, old, young):
        rule = make()
        confirm(shirin, rule)
        worker.drain()
        specimens.make(LEAD, cast.reza, "Ali again", description="old")
        jobs.enqueue("run_due_retention")
        worker.drain()
        assert "Ali again" in titles()
        self.later(rule)
        assert "Ali again" not in titles()
        assert RetentionRun.objects.count() == 2

    def test_one_that_would_take_far_more_than_was_confirmed_stops_and_tells(
        self, make, shirin, cast, old, young
    ):
        rule = make()
        confirm(shirin, rule)
        worker.drain()
        records.save_many(
            LEAD,
            [(one, {"description": "old"}) for one in young],
            user=None,
            batch=records.batch_of("edit", None),
        )
        self.later(rule)
        assert len(titles()) == 7
        run, rule = RetentionRun.objects.first(), RetentionRule.objects.get()
        assert (run.state, run.done_count, rule.is_on) == ("stopped", 0, False)
        told = Notice.objects.get(user=cast.shirin, kind="retention")
        assert "would touch 7 records" in str(told)
        assert shirin.get(told.url).status_code == 200
        confirm(shirin, rule)
        worker.drain()
        assert titles() == []

    def test_a_rule_that_is_changed_waits_to_be_confirmed_again(self, make, shirin, old, young):
        rule = make()
        confirm(shirin, rule)
        page = shirin.get(reverse("privacy:rule", args=[rule.pk]))
        send(shirin, page, "every_days", name="Renamed", do="save")
        assert RetentionRule.objects.get().is_on
        send(shirin, page, "every_days", do="save", filter='{"all": [["title", "contains", "a"]]}')
        rule.refresh_from_db()
        assert not rule.is_on
        assert rule.confirmed_count is None

    def test_it_can_be_switched_off_run_again_and_deleted(self, make, shirin, old, young):
        rule = make()
        confirm(shirin, rule)
        worker.drain()
        address = reverse("privacy:rule_run", args=[rule.pk])
        shirin.post(address, {"do": "again"})
        worker.drain()
        assert RetentionRun.objects.count() == 2
        shirin.post(address, {"do": "off"})
        rule.refresh_from_db()
        assert not rule.is_on
        page = shirin.get(reverse("privacy:rule", args=[rule.pk]))
        send(shirin, page, "every_days", do="delete")
        assert not RetentionRule.objects.exists()
        assert RetentionRun.objects.count() == 2

    def test_a_field_that_is_gone_stops_the_rule(self, make, shirin, cast, old, young):
        rule = make()
        confirm(shirin, rule)
        worker.drain()
        RetentionRule.objects.update(where={"all": [["gone", "is", "x"]]})
        self.later(rule)
        assert RetentionRun.objects.first().state == "stopped"
        assert "asks for something that is not there" in str(Notice.objects.get(kind="retention"))
        assert "There is no field" in text(shirin.get(reverse("privacy:rule", args=[rule.pk])))


def test_the_page_says_what_the_system_itself_keeps(shirin):
    page = text(shirin.get(reverse("privacy:retention")))
    for told in (
        "Files of exports 3 days",
        "Jobs that have ended 30 days",
        "Backups For good",
        "Notices For good",
    ):
        assert told in page
