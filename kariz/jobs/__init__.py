"""Work that nobody waits for: enqueued in the caller's transaction, run by a worker at least once.

A task must bear being run again: a worker that is killed in the middle leaves its job to the next one.

    @jobs.task("send_mail")
    def send_mail(job: Job, to: str) -> None: ...

    jobs.enqueue("send_mail", to="sara@example.com")
    jobs.schedule("fetch_mail", every=timedelta(minutes=5))
"""

from kariz.jobs.leases import Cancelled
from kariz.jobs.queue import enqueue
from kariz.jobs.registry import schedule, task

__all__ = ["Cancelled", "enqueue", "schedule", "task"]
