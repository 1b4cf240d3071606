"""Runs the jobs that are due: for ever (`run`), or until none is left (`drain`)."""

import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager

from django.core.signals import request_finished, request_started
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from kariz.jobs import claims
from kariz.jobs.leases import Cancelled, Lease, Released
from kariz.jobs.models import Job
from kariz.jobs.registry import schedules, tasks
from kariz.jobs.states import State
from kariz.jobs.stop import Stop

POLL = 1.0  # seconds between two looks at an empty queue
THREADS = 2  # a long job leaves one thread to the short ones

logger = logging.getLogger(__name__)


def run(stop: Stop, *, threads: int = THREADS, tell: Callable[[Job], None] = lambda job: None) -> None:
    """Run jobs until asked to stop; `tell` hears of each one that was run."""
    plant_schedules()
    with ThreadPoolExecutor(threads) as pool:
        loops = [pool.submit(_loop, stop, tell) for _ in range(threads)]
        wait(loops, return_when=FIRST_EXCEPTION)
        stop.ask()
    for loop in loops:
        loop.result()


def drain(tell: Callable[[Job], None] = lambda job: None) -> list[Job]:
    """Run every job that is due, those that these jobs enqueue included."""
    plant_schedules()
    jobs = []
    while job := run_one(Stop()):
        tell(job)
        jobs.append(job)
    return jobs


def plant_schedules() -> None:
    """Give every schedule its row, due at once, and forget those that the program no longer has."""
    rows = Job.objects.filter(every__isnull=False)
    rows.exclude(name__in=schedules).delete()
    for name, every in schedules.items():
        rows.get_or_create(name=name, defaults={"every": every})
        rows.filter(name=name).exclude(every=every).update(every=every, run_at=timezone.now())


def run_one(stop: Stop) -> Job | None:
    """Run the most urgent job to its end. None if no job is due."""
    job = claims.claim(f"{socket.gethostname()}:{os.getpid()}:{threading.get_native_id()}")
    if job:
        with _like_a_request():
            _run(job, stop)
    return job


@contextmanager
def _like_a_request() -> Iterator[None]:
    """What is kept or left open for one request at most, is so for one job."""
    if connection.in_atomic_block:  # as in tests: the signals would close the transaction's connection
        yield
        return
    request_started.send(sender=run_one)
    try:
        yield
    finally:
        request_finished.send(sender=run_one)


def _run(job: Job, stop: Stop) -> None:
    task = tasks[job.name]
    if job.attempts > task.retries + 1 and not job.every:
        return claims.fail(job, job.error or "The worker was killed every time that it ran this job.")
    try:
        with Lease(job, stop):
            result = task.run(job, **job.payload)
        claims.finish(job, result)
    except Cancelled:
        job.state = State.CANCELLED
    except Released:
        claims.release(job)
    except Exception:
        logger.exception("Job %s failed.", job)
        claims.fail(job, traceback.format_exc().replace("\0", ""))  # which PostgreSQL cannot keep


def _loop(stop: Stop, tell: Callable[[Job], None]) -> None:
    try:
        while not stop.is_asked:
            if job := _try_one(stop):
                tell(job)
            else:
                time.sleep(POLL)
    finally:
        connection.close()


def _try_one(stop: Stop) -> Job | None:
    try:
        return run_one(stop)
    except (
        InterfaceError,
        OperationalError,
    ):  # locked, or restarting; a job that was under way will be run again
        logger.warning("The database does not answer; trying again.", exc_info=True)
        connection.close()
        return None
