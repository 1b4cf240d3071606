"""A running job stays its worker's: a thread renews the lease and writes the progress, on a connection of its own."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import Error, connection
from django.utils import timezone

from kariz.jobs.states import State
from kariz.jobs.stop import Stop

if TYPE_CHECKING:
    from kariz.jobs.models import Job

LEASE = timedelta(seconds=60)
TICK = 1.0  # seconds; progress is seen, and a cancelled task ends, this late at most

logger = logging.getLogger(__name__)


class Cancelled(BaseException):
    """Ends a task that must not go on: the job was cancelled, or leased anew when this worker had fallen silent.

    Not an `Exception`, so that a task that survives the errors of single rows does not survive this.
    """


class Released(BaseException):
    """Ends a task whose worker must stop; the job will be run again."""


def until() -> datetime:
    return timezone.now() + LEASE


class Lease:
    """Held while the task runs."""

    def __init__(self, job: Job, stop: Stop) -> None:
        self.job = job
        self.stop = stop
        self.is_lost = False
        # Inside a transaction, as in tests, no other connection could see the job: it is renewed on this one.
        self._is_apart = not connection.in_atomic_block
        self._has_news = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease of {job}", daemon=True)

    def __enter__(self) -> Self:
        self.job.on_progress = self._report
        if self._is_apart:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.job.on_progress = None
        self._ended.set()
        if self._is_apart:
            self._thread.join()

    def _report(self) -> None:
        self._has_news = True
        if not self._is_apart:
            self._renew()
        if self.is_lost:
            raise Cancelled
        if self.stop.is_over:
            raise Released

    def _keep(self) -> None:
        renewed_at = time.monotonic()
        try:
            while not self.is_lost and not self._ended.wait(TICK):
                if self._has_news or time.monotonic() - renewed_at > LEASE.total_seconds() / 4:
                    renewed_at = time.monotonic()
                    self._try_to_renew()
        finally:
            connection.close()

    def _try_to_renew(self) -> None:
        try:
            self._renew()
        except Error:  # locked, or restarting: there are three more quarters of the lease to try in
            logger.warning("The lease of job %s could not be renewed; trying again.", self.job, exc_info=True)
            connection.close()
            self._has_news = True

    def _renew(self) -> None:
        self._has_news = False
        job = self.job
        mine = type(job).objects.filter(pk=job.pk, worker=job.worker, state=State.RUNNING)
        self.is_lost = not mine.update(
            leased_until=until(), done_count=job.done_count, total_count=job.total_count, message=job.message
        )
