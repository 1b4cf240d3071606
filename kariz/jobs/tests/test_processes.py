"""Several workers at once, and workers that end: real threads, processes and signals on a real database."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from kariz import jobs
from kariz.jobs import worker
from kariz.jobs.models import Job
from kariz.jobs.registry import schedules
from kariz.jobs.stop import Stop

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start `kariz worker` in a process of its own, with leases of two seconds."""
    started = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        name = str(connection.settings_dict["NAME"])
        command = [sys.executable, "-m", "kariz.jobs.tests.worker_process", name, "2", *arguments]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def in_threads(count: int, work: Callable[[], Any]) -> list[Any]:
    """What `work` returns in each of the threads, which begin it at the same moment."""
    barrier = Barrier(count)

    def begin(_: int) -> Any:
        barrier.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def wait_until(reached: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < end, "It did not happen within 30 seconds."
        time.sleep(0.1)


def test_each_job_is_one_workers(notes: list[str]) -> None:
    for number in range(40):
        jobs.enqueue("test_note", text=str(number))
    in_threads(4, worker.drain)
    assert sorted(notes, key=int) == [str(number) for number in range(40)]


def test_a_schedule_runs_once_with_two_workers(notes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schedules, "test_note", timedelta(hours=1))
    in_threads(2, worker.drain)
    assert notes == [""]
    assert Job.objects.filter(name="test_note").count() == 1


def test_a_waiting_job_is_not_run_before_those_who_share_it_have_committed(notes: list[str]) -> None:
    job = jobs.enqueue("test_note", unique_key="shared")
    with transaction.atomic():
        assert jobs.enqueue("test_note", unique_key="shared") == job
        if connection.vendor == "postgresql":  # SQLite lets nobody else write meanwhile
            assert in_threads(1, worker.drain) == [[]]
    assert [ran.pk for ran in worker.drain()] == [job.pk]


def test_a_running_job_is_seen_to_come_along_and_can_be_cancelled(start: Start, tmp_path: Path) -> None:
    job = jobs.enqueue("test_linger", log=str(tmp_path / "log"), seconds=60)
    start("--threads", "1")
    wait_until(lambda: Job.objects.filter(pk=job.pk, message="lingering", done_count=1, total_count=2))
    assert job.cancel()
    after = jobs.enqueue("test_note")
    wait_until(lambda: Job.objects.filter(pk=after.pk, state="done"))
    job.refresh_from_db()
    assert (job.state, (tmp_path / "log").read_text()) == ("cancelled", "start 1\n")


def test_a_lease_is_renewed_for_as_long_as_the_job_runs(start: Start, tmp_path: Path) -> None:
    job = jobs.enqueue("test_linger", log=str(tmp_path / "log"), seconds=4, is_silent=True)
    start("--once")
    second = start("--threads", "1")
    wait_until(lambda: Job.objects.filter(pk=job.pk, state="done"))
    second.kill()
    assert (tmp_path / "log").read_text() == "start 1\nend 1\n"


def test_a_job_survives_kill_9(start: Start, tmp_path: Path) -> None:
    log = tmp_path / "log"
    job = jobs.enqueue("test_linger", log=str(log), seconds=60)
    first = start()
    wait_until(lambda: log.exists() and log.read_text())
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert Job.objects.get(pk=job.pk).state == "running"
    start()
    wait_until(lambda: Job.objects.filter(pk=job.pk, state="done", attempts=2))
    assert log.read_text() == "start 1\nstart 2\nend 2\n"


def test_sigterm_hands_a_long_job_back(start: Start, tmp_path: Path) -> None:
    log = tmp_path / "log"
    job = jobs.enqueue("test_linger", log=str(log), seconds=60)
    process = start()
    wait_until(lambda: log.exists() and log.read_text())
    process.terminate()
    assert process.wait(10) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts, job.worker) == ("waiting", 0, "")


def test_sigterm_lets_a_short_job_finish(start: Start, tmp_path: Path) -> None:
    log = tmp_path / "log"
    job = jobs.enqueue("test_linger", log=str(log), seconds=0.4)
    process = start()
    wait_until(lambda: log.exists() and log.read_text())
    process.terminate()
    assert process.wait(10) == 0
    job.refresh_from_db()
    assert job.state == "done"


def test_once_runs_what_is_due_and_tells_of_it_in_json(start: Start) -> None:
    job = jobs.enqueue("test_note", text="سلام")
    output, _ = start("--once", "--json").communicate(timeout=30)
    told = json.loads(output)
    assert (told["id"], told["name"], told["state"], told["result"]) == (job.pk, "test_note", "done", "سلام")


def test_a_worker_runs_until_it_is_asked_to_stop(notes: list[str]) -> None:
    jobs.enqueue("test_note", text="one")
    stop = Stop()
    worker.run(stop, threads=2, tell=lambda job: stop.ask())
    assert notes == ["one"]
