"""Small tasks that tests enqueue."""

import time
from contextlib import nullcontext
from pathlib import Path

from django.db import connection, transaction

from kariz import jobs
from kariz.jobs.models import Job

noted: list[str] = []


@jobs.task("test_note")
def note(job: Job, text: str = "") -> str:
    noted.append(text)
    return text.upper()


@jobs.task("test_break", retries=2)
def break_down(job: Job) -> None:
    raise ValueError("no luck")


@jobs.task("test_object")
def give_an_object(job: Job) -> object:
    return object()


@jobs.task("test_count")
def count(job: Job, upto: int, cancel_at: int = 0) -> None:
    for number in range(1, upto + 1):
        if number == cancel_at:
            Job.objects.get(pk=job.pk).cancel()
        job.progress(number, upto, f"row {number}")
        noted.append(str(number))


@jobs.task("test_linger", retries=1)
def linger(job: Job, log: str, seconds: float, is_silent: bool = False) -> None:
    """Take long at the first attempt only; the log shows each start and each end."""
    # SQLite has one writer: there the word of a task in a transaction is heard after its commit.
    with (
        Path(log).open("a") as lines,
        transaction.atomic() if connection.vendor == "postgresql" else nullcontext(),
    ):
        print(f"start {job.attempts}", file=lines, flush=True)
        end = time.monotonic() + (seconds if job.attempts == 1 else 0)
        while time.monotonic() < end:
            if not is_silent:
                job.progress(1, 2, "lingering")
            time.sleep(0.05)
        print(f"end {job.attempts}", file=lines, flush=True)
