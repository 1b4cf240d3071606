"""The real server, as `kariz run` starts it: two web processes and the job worker."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

ADDRESS = re.compile(r"Kariz is at http://127\.0\.0\.1:(\d+)/")
FIRST_PORT = 8760


@contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
    """The port of a server for this database, for as long as it is needed."""
    _put_off_daily_jobs()
    command = [sys.executable, "-m", "kariz.config.cli", "run", "--port", str(FIRST_PORT)]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout or ():
            if found := ADDRESS.search(line):
                yield int(found[1])
                break
        else:
            raise RuntimeError("The server did not start; its log above says why.")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def _put_off_daily_jobs() -> None:
    """What runs once a day is due when a database is first served; what is timed is any other hour."""
    from django.utils import timezone

    from kariz.jobs import worker
    from kariz.jobs.models import Job

    worker.plant_schedules()
    daily = Job.objects.filter(every__gte=timedelta(hours=1))
    daily.update(run_at=timezone.now() + timedelta(days=1))
