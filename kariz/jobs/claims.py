"""How a worker gets a job and gives it back: each row is one worker's at a time."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from kariz.jobs import leases
from kariz.jobs.models import Job
from kariz.jobs.registry import tasks
from kariz.jobs.states import State

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
CLAIMED = ["state", "worker", "attempts", "started_at", "finished_at", "leased_until"]


def claim(worker: str) -> Job | None:
    """The most urgent job that is due, leased to this worker."""
    _take_back()
    due = Job.objects.filter(state=State.WAITING, run_at__lte=timezone.now(), name__in=tasks)
    due = due.order_by("-priority", "run_at", "id")  # an index holds the waiting jobs in this order
    if due.only("pk").first() is None:  # an idle worker stays away from SQLite's write lock,
        return None
    with transaction.atomic():  # which is held from here on; PostgreSQL locks the one row
        job = due.select_for_update(skip_locked=True).first()
        if job:
            job.state, job.worker, job.attempts = State.RUNNING, worker, job.attempts + 1
            job.started_at, job.finished_at, job.leased_until = timezone.now(), None, leases.until()
            job.save(update_fields=CLAIMED)
    return job


def _take_back() -> None:
    """Jobs whose worker has died wait again."""
    lapsed = Job.objects.filter(state=State.RUNNING, leased_until__lt=timezone.now())
    if lapsed.exists():
        lapsed.update(state=State.WAITING, worker="")


def finish(job: Job, result: Any) -> None:
    if job.every:
        run_at = _next_run(job, job.every)
        _settle(job, state=State.WAITING, result=result, error="", attempts=0, run_at=run_at)
    else:
        _settle(job, state=State.DONE, result=result, error="")


def fail(job: Job, error: str) -> None:
    """Try again later, each time later than before. A job out of retries has failed; a schedule never gives up."""
    is_out_of_retries = job.attempts > tasks[job.name].retries and not job.every
    delay = min(FIRST_DELAY * 2 ** min(job.attempts - 1, 20), job.every or LONGEST_DELAY)
    run_at = timezone.now() + delay * random.uniform(0.75, 1.25)  # noqa: S311 # nosec B311 # jobs that failed together part ways
    _settle(job, state=State.FAILED if is_out_of_retries else State.WAITING, error=error, run_at=run_at)


def release(job: Job) -> None:
    """Leave an unfinished job to whichever worker comes next, as if it had not been tried."""
    _settle(job, state=State.WAITING, attempts=job.attempts - 1)


def _next_run(job: Job, every: timedelta) -> datetime:
    """The schedule's first beat that is still ahead: runs that were missed are not made up for."""
    return job.run_at + every * ((timezone.now() - job.run_at) // every + 1)


def _settle(job: Job, **values: Any) -> None:
    mine = Job.objects.filter(pk=job.pk, worker=job.worker)
    if values["state"] != State.DONE:  # what was done although it had been cancelled is done
        mine = mine.exclude(state=State.CANCELLED)
    values |= {"worker": "", "leased_until": None, "finished_at": timezone.now()}
    values |= {"done_count": job.done_count, "total_count": job.total_count, "message": job.message}
    if not mine.update(**values):
        values = {"state": State.CANCELLED}
    for name, value in values.items():
        setattr(job, name, value)
