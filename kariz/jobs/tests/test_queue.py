from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from kariz import jobs
from kariz.jobs import worker
from kariz.jobs.models import Job

pytestmark = pytest.mark.django_db


def test_a_job_is_run_once_and_its_result_is_kept(notes: list[str]) -> None:
    job = jobs.enqueue("test_note", text="hello")
    worker.drain()
    worker.drain()
    job.refresh_from_db()
    assert notes == ["hello"]
    assert (job.state, job.result, job.attempts) == ("done", "HELLO", 1)
    assert job.started_at
    assert job.finished_at
    assert job.leased_until is None


def test_a_job_goes_with_the_transaction_that_enqueued_it(notes: list[str]) -> None:
    with transaction.atomic():
        jobs.enqueue("test_note", text="never")
        transaction.set_rollback(True)
    assert not Job.objects.filter(name="test_note").exists()
    worker.drain()
    assert notes == []


def test_an_unknown_task_is_refused_when_it_is_enqueued() -> None:
    with pytest.raises(LookupError, match="send_pigeon"):
        jobs.enqueue("send_pigeon")


def test_a_job_of_another_release_is_left_for_its_worker() -> None:
    job = Job.objects.create(name="known_to_the_next_release")
    assert worker.drain() == []
    job.refresh_from_db()
    assert job.state == "waiting"


def test_urgent_jobs_go_first_and_equal_ones_in_order(notes: list[str]) -> None:
    for text, priority in (("first", 0), ("second", 0), ("urgent", 10), ("whenever", -10)):
        jobs.enqueue("test_note", priority=priority, text=text)
    worker.drain()
    assert notes == ["urgent", "first", "second", "whenever"]


def test_a_job_waits_for_its_time(notes: list[str]) -> None:
    job = jobs.enqueue("test_note", run_at=timezone.now() + timedelta(hours=1), text="later")
    worker.drain()
    assert notes == []
    Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
    worker.drain()
    assert notes == ["later"]


def test_a_job_with_a_unique_key_waits_once_and_can_wait_again_when_done(notes: list[str]) -> None:
    first = jobs.enqueue("test_note", unique_key="index 7")
    assert jobs.enqueue("test_note", unique_key="index 7") == first
    assert jobs.enqueue("test_note", unique_key="index 8") != first
    assert jobs.enqueue("test_count", unique_key="index 7", upto=1) != first
    worker.drain()
    assert jobs.enqueue("test_note", unique_key="index 7") != first


def test_a_job_belongs_to_the_user_who_asked_for_it_and_outlives_her() -> None:
    sara = get_user_model().objects.create_user("sara")
    job = jobs.enqueue("test_note", user=sara)
    assert job.user_id == sara.pk
    sara.delete()
    job.refresh_from_db()
    assert job.user_id is None


def test_jobs_that_ended_a_month_ago_are_deleted() -> None:
    ended = timezone.now() - timedelta(days=31)
    Job.objects.create(name="test_note", state="done", finished_at=ended)
    recent = Job.objects.create(name="test_note", state="done", finished_at=timezone.now())
    cleaning = jobs.enqueue("delete_old_jobs")
    worker.drain()
    assert set(Job.objects.all()) == {recent, cleaning}
