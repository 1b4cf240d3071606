"""`kariz worker`: runs jobs until it is asked to stop (SIGTERM, Ctrl+C)."""

import json
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kariz.jobs import worker
from kariz.jobs.models import Job
from kariz.jobs.stop import Stop


class Command(BaseCommand):
    help = "Run the jobs that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when no job is due any more")
        parser.add_argument("--json", action="store_true", help="print each job as a line of JSON")
        parser.add_argument("--threads", type=int, default=worker.THREADS, help="jobs run at the same time")

    def handle(self, *args: Any, once: bool, json: bool, threads: int, **options: Any) -> None:
        def tell(job: Job) -> None:
            if json:
                self.stdout.write(_as_json(job))
            elif not job.every:  # schedules come round every few seconds; their errors are in the log
                self.stdout.write(f"{job}: {job.get_state_display()}")

        if once:
            worker.drain(tell)
            return
        stop = Stop()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, stop.ask)
        worker.run(stop, threads=threads, tell=tell)


def _as_json(job: Job) -> str:
    keys = ("name", "state", "attempts", "done_count", "total_count", "message", "result", "error")
    return json.dumps({"id": job.pk} | {key: getattr(job, key) for key in keys}, ensure_ascii=False)
