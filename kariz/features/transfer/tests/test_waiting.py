"""Large imports: read, tried out and written by a worker, watched, cancelled, gone on with."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kariz.core import changes
from kariz.features.transfer import checking, preparing, running
from kariz.features.transfer.models import Import
from kariz.features.transfer.tests.walking import answer, counts, map_columns, names, upload
from kariz.jobs import worker
from kariz.jobs.models import Job

pytestmark = pytest.mark.django_db

FIRMS = "Name,Industry\n" + "".join(f"Firm {n},Technolgy\n" for n in range(7))


@pytest.fixture
def large(monkeypatch):
    """Seven rows are many."""
    monkeypatch.setattr(preparing, "AT_ONCE", 3)
    monkeypatch.setattr(running, "CHUNK", 2)


def prepared(client):
    run = upload(client, ("firms.csv", FIRMS), kind="organization")
    answer(client, run)
    return run


def page(client, run, step):
    return client.get(f"/import/{run.pk}/{step}").content.decode()


def test_a_worker_reads_and_tries_out_the_file_while_the_page_shows_how_far_it_is(browser_of_ada, large):
    run = upload(browser_of_ada, ("firms.csv", FIRMS), kind="organization")
    map_columns(browser_of_ada, run)
    assert "The files are being read" in page(browser_of_ada, run, "values/")
    worker.drain()
    assert "Technolgy" in page(browser_of_ada, run, "values/")
    answer(browser_of_ada, run)
    assert "The rows are being tried out" in page(browser_of_ada, run, "check/")
    assert Job.objects.filter(name="check_import").count() == 1
    worker.drain()
    job = Job.objects.get(name="check_import")
    assert (job.done_count, job.total_count, names("organization")) == (7, 7, [])
    fragment = browser_of_ada.get(f"/import/{run.pk}/check/", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == f"/import/{run.pk}/check/"
    assert "Firm 0" in page(browser_of_ada, run, "check/")


def test_a_check_that_fails_says_so_and_is_tried_again(browser_of_ada, large, monkeypatch):
    run = prepared(browser_of_ada)
    page(browser_of_ada, run, "check/")
    Job.objects.filter(name="check_import").update(state="failed")
    assert "This did not work" in page(browser_of_ada, run, "check/")
    browser_of_ada.post(f"/import/{run.pk}/check/", {"again": "1"})
    worker.drain()
    assert "This is what will happen" in page(browser_of_ada, run, "check/")


def test_other_answers_make_the_check_begin_anew(browser_of_ada, large):
    run = prepared(browser_of_ada)
    page(browser_of_ada, run, "check/")
    worker.drain()
    answer(browser_of_ada, run)
    assert run.files.get().checked is None


def test_a_cancelled_import_keeps_its_finished_chunks_and_undo_takes_them_back(
    browser_of_ada, ada, large, monkeypatch
):
    run = prepared(browser_of_ada)
    browser_of_ada.post(f"/import/{run.pk}/check/")

    def cancel_after(written, total):
        if written >= 4:
            browser_of_ada.post(f"/import/{run.pk}/stop/")

    running.carry_out(Import.objects.get(pk=run.pk), cancel_after)
    assert len(names("organization")) == 4
    report = page(browser_of_ada, run, "")
    assert "The import was stopped" in report
    assert "4 of 7 rows are through." in report
    browser_of_ada.post(f"/import/{run.pk}/stop/", {"resume": "1"})
    worker.drain()
    assert counts(run) == (7, 0, 0, 0)
    changes.undo(Import.objects.get(pk=run.pk).written_in, ada)
    assert names("organization") == []
    assert "The import was undone" in page(browser_of_ada, run, "")


def test_one_that_was_cancelled_before_a_worker_came_is_not_begun(browser_of_ada, large):
    run = prepared(browser_of_ada)
    browser_of_ada.post(f"/import/{run.pk}/check/")
    stale = Import.objects.get(pk=run.pk)
    browser_of_ada.post(f"/import/{run.pk}/stop/")
    running.carry_out(stale, lambda done, total: None)
    assert names("organization") == []
    assert Import.objects.get(pk=run.pk).state == "stopped"


def test_an_import_whose_job_has_failed_can_be_gone_on_with(browser_of_ada, large):
    run = prepared(browser_of_ada)
    browser_of_ada.post(f"/import/{run.pk}/check/")
    Job.objects.filter(name="run_import").update(state="failed")
    assert "The import has stopped with an error" in page(browser_of_ada, run, "")
    browser_of_ada.post(f"/import/{run.pk}/stop/", {"resume": "1"})
    worker.drain()
    assert counts(run) == (7, 0, 0, 0)


def test_two_workers_on_one_import_write_each_row_once(browser_of_ada, large):
    run = prepared(browser_of_ada)
    browser_of_ada.post(f"/import/{run.pk}/check/")
    late = running._write(Import.objects.get(pk=run.pk), run.files.get())
    next(late)
    worker.drain()
    with pytest.raises(running.jobs.Cancelled):
        next(late)
    assert len(names("organization")) == 7


def test_the_steps_are_closed_once_the_import_has_begun(browser_of_ada):
    run = upload(browser_of_ada, ("o.csv", "Name\nEge\n"), kind="organization")
    answer(browser_of_ada, run)
    browser_of_ada.post(f"/import/{run.pk}/check/")
    for step in (f"columns/{run.files.get().pk}/", "values/", "known/", "check/"):
        assert browser_of_ada.post(f"/import/{run.pk}/{step}")["Location"] == f"/import/{run.pk}/"


def test_what_a_check_finds_after_the_answers_have_changed_is_void(browser_of_ada, large):
    run = prepared(browser_of_ada)
    page(browser_of_ada, run, "check/")
    stale = Import.objects.get(pk=run.pk)
    browser_of_ada.post(f"/import/{run.pk}/known/", {})
    checking.check(stale, lambda done, total: None)
    assert run.files.get().checked is None


def test_drafts_that_nobody_runs_are_deleted_with_their_files_after_a_week(browser_of_ada):
    old = upload(browser_of_ada, ("o.csv", "Name\nEge\n"), kind="organization")
    Import.objects.update(created_at=timezone.now() - timedelta(days=8))
    young = upload(browser_of_ada, ("o.csv", "Name\nEge\n"), kind="organization")
    path = old.files.get().path
    worker.drain()
    assert list(Import.objects.all()) == [young]
    assert (path.exists(), young.files.get().path.exists()) == (False, True)


def test_names_that_an_earlier_file_brings_are_known_to_the_check_of_the_next(browser_of_ada):
    files = (
        ("firms.csv", "Name\nEge\n"),
        ("people.csv", "Full name,Organization\nSara,Ege\nAli,Nobody\n"),
    )
    run = upload(browser_of_ada, *files)
    first, second = run.files.all()
    second.plan |= {"type": "contact", "columns": {"Full name": "name", "Organization": "organization"}}
    first.plan |= {"type": "organization", "columns": {"Name": "name"}}
    first.save()
    second.save()
    checking.check(run, lambda done, total: None)
    second.refresh_from_db()
    assert (second.checked["created"], second.checked["failed"]) == (1, 1)
    assert second.checked["problems"] == {"Organization: There is no “…”.": [1, [2]]}
