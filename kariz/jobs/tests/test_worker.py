from datetime import timedelta

import pytest
from django.utils import timezone

from kariz import jobs
from kariz.jobs import claims, worker
from kariz.jobs.models import Job
from kariz.jobs.registry import schedules
from kariz.jobs.stop import Stop

pytestmark = pytest.mark.django_db


def run_now(job: Job) -> Job:
    Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
    worker.drain()
    return Job.objects.get(pk=job.pk)


def seconds_to_wait(job: Job) -> float:
    return (job.run_at - timezone.now()).total_seconds()


def test_a_failing_job_is_tried_later_and_later_and_then_fails_with_its_traceback() -> None:
    job = run_now(jobs.enqueue("test_break"))
    assert (job.state, job.attempts) == ("waiting", 1)
    assert 3 < seconds_to_wait(job) < 7
    job = run_now(job)
    assert (job.state, job.attempts) == ("waiting", 2)
    assert 7 < seconds_to_wait(job) < 13
    job = run_now(job)
    assert (job.state, job.attempts) == ("failed", 3)
    assert "ValueError: no luck" in job.error
    assert "break_down" in job.error


@pytest.mark.django_db(transaction=True)  # the failed write would spoil an open transaction
def test_a_result_that_cannot_be_kept_is_a_failure() -> None:
    job = run_now(jobs.enqueue("test_object"))
    assert job.state == "waiting"
    assert "not JSON serializable" in job.error


def test_the_longest_wait_is_about_an_hour() -> None:
    job = Job(name="test_note", attempts=30)
    job.save()
    claims.fail(job, "again")
    assert seconds_to_wait(job) < 1.3 * 3600


def test_a_job_whose_worker_fell_silent_is_run_again(notes: list[str]) -> None:
    job = jobs.enqueue("test_note", text="again")
    claims.claim("a worker that dies")
    assert worker.drain() == []
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    worker.drain()
    job.refresh_from_db()
    assert notes == ["again"]
    assert (job.state, job.attempts) == ("done", 2)


def test_a_job_that_kills_every_worker_is_given_up(notes: list[str]) -> None:
    lapsed = timezone.now() - timedelta(seconds=1)
    job = Job.objects.create(
        name="test_note", state="running", attempts=6, worker="dead", leased_until=lapsed
    )
    worker.drain()
    job.refresh_from_db()
    assert notes == []
    assert job.state == "failed"
    assert "killed" in job.error


def test_a_worker_that_lost_its_lease_cannot_write_an_outcome() -> None:
    job = jobs.enqueue("test_note", text="slow")
    slow = claims.claim("slow worker")
    assert slow
    Job.objects.filter(pk=job.pk).update(worker="second worker")
    claims.finish(slow, "too late")
    job.refresh_from_db()
    assert (job.state, job.worker, job.result) == ("running", "second worker", None)


def test_progress_is_kept(notes: list[str]) -> None:
    job = run_now(jobs.enqueue("test_count", upto=3))
    assert (job.done_count, job.total_count, job.message) == (3, 3, "row 3")


def test_a_cancelled_job_ends_at_its_next_word_of_progress(notes: list[str]) -> None:
    job = run_now(jobs.enqueue("test_count", upto=5, cancel_at=3))
    assert notes == ["1", "2"]
    assert (job.state, job.result) == ("cancelled", None)
    assert job.cancel() is False


def test_a_job_cancelled_while_it_waits_never_starts(notes: list[str]) -> None:
    assert jobs.enqueue("test_note").cancel() is True
    assert worker.drain() == []
    assert notes == []


def test_a_worker_that_must_end_hands_its_job_back_untried(
    notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kariz.jobs.stop.GRACE", 0)
    job = jobs.enqueue("test_count", upto=2)
    stop = Stop()
    stop.ask()
    worker.run_one(stop)
    job.refresh_from_db()
    assert notes == []
    assert (job.state, job.attempts) == ("waiting", 0)


def test_a_schedule_runs_at_once_and_then_at_its_beat(
    notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(schedules, "test_note", timedelta(hours=1))
    worker.drain()
    worker.drain()
    job = Job.objects.get(name="test_note")
    assert notes == [""]
    assert job.state == "waiting"
    assert 3590 < seconds_to_wait(job) <= 3600
    Job.objects.filter(pk=job.pk).update(run_at=timezone.now() - timedelta(minutes=200))
    worker.drain()
    job.refresh_from_db()
    assert notes == ["", ""]
    assert 2390 < seconds_to_wait(job) <= 2400


def test_a_schedule_that_fails_never_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schedules, "test_break", timedelta(seconds=30))
    worker.drain()
    job = Job.objects.get(name="test_break")
    for _ in range(5):
        job = run_now(job)
    assert (job.state, job.attempts) == ("waiting", 6)
    assert "no luck" in job.error
    assert seconds_to_wait(job) < 40


def test_a_changed_schedule_is_heeded_and_a_removed_one_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schedules, "test_note", timedelta(days=1))
    worker.plant_schedules()
    monkeypatch.setitem(schedules, "test_note", timedelta(hours=1))
    worker.plant_schedules()
    assert Job.objects.get(name="test_note").every == timedelta(hours=1)
    monkeypatch.delitem(schedules, "test_note")
    worker.plant_schedules()
    assert not Job.objects.filter(name="test_note").exists()
