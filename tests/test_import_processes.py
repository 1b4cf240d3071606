"""Imports in processes of their own: killed again and again, and two at once on the same records."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from kariz.features.transfer.running import CHUNK

ROOT = Path(__file__).resolve().parent.parent
PLAN = ROOT / "examples/crm_sales.toml"
SERVER = os.environ.get("KARIZ_DATABASE_URL", "")  # of PostgreSQL, where the tests run on it
PATIENCE = 120.0  # seconds


@dataclass
class Desk:
    """A data folder and a fresh database, on which `kariz` is run as a person would run it."""

    folder: Path
    url: str
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *command: Any) -> subprocess.Popen[str]:
        environment = {**os.environ, "KARIZ_DATA": str(self.folder / "data"), "KARIZ_DATABASE_URL": self.url}
        if not self.url:
            del environment["KARIZ_DATABASE_URL"]
        environment["DJANGO_SETTINGS_MODULE"] = "kariz.config.settings"
        line = [sys.executable, "-m", "kariz.config.cli", *map(str, command)]
        with (self.folder / "errors").open("a") as errors:
            pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": errors}
            self.started.append(subprocess.Popen(line, cwd=ROOT, env=environment, text=True, **pipes))
        return self.started[-1]

    def answer(self, *command: Any) -> str:
        return finished(self.start(*command))

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement beside the processes, and commit it."""
        if self.url:
            with psycopg.connect(self.url) as database:
                answer = database.execute(statement)
                return answer.fetchall() if answer.description else []
        with sqlite3.connect(self.folder / "data/kariz.sqlite3", timeout=20) as database:
            return database.execute(statement).fetchall()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    url = urlunsplit(urlsplit(SERVER)._replace(path=f"/kariz_{os.getpid()}")) if SERVER else ""
    if url:
        _administer(f'CREATE DATABASE "kariz_{os.getpid()}"')
    here = Desk(tmp_path, url)
    here.answer("migrate")
    yield here
    for process in here.started:
        if process.returncode is None:
            kill(process)
    if url:
        _administer(f'DROP DATABASE "kariz_{os.getpid()}" WITH (FORCE)')


def _administer(statement: str) -> None:
    server = urlunsplit(urlsplit(SERVER)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(statement)


def finished(process: subprocess.Popen[str]) -> str:
    answer, _nothing = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return answer


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def wait_until(is_so: Callable[[], bool]) -> None:
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < PATIENCE
        time.sleep(0.02)


def write(path: Path, numbers: range | list[int]) -> Path:
    rows = (f"Person {n},person{n}@ege.example,Firm {n % 50}\n" for n in numbers)
    path.write_text("Full name,E-mail,Company\n" + "".join(rows))
    return path


@pytest.mark.covers("R265")
def test_a_worker_that_is_killed_at_any_moment_loses_and_doubles_no_row(desk, tmp_path):
    count = 4 * CHUNK + 17
    file = write(tmp_path / "leads.csv", range(count))
    desk.answer("import", file, "--type", "lead", "--default", "source=website", "--background")

    def reached() -> int:
        return int(desk.ask("SELECT next_row FROM transfer_importfile")[0][0])

    for _kill in range(3):
        before = reached()
        worker = desk.start("worker")
        wait_until(lambda before=before: reached() > before)
        time.sleep(random.uniform(0, 0.5))
        kill(worker)
        assert desk.ask("SELECT count(*), count(DISTINCT email) FROM leads_lead") == [(reached(), reached())]
        # Nobody waits a minute for the lease of a dead worker here.
        desk.ask("UPDATE jobs_job SET leased_until = '2000-01-01' WHERE state = 'running'")
        if reached() == count:
            break
    desk.answer("worker", "--once")
    assert desk.ask("SELECT count(*), count(DISTINCT email), min(version), max(version) FROM leads_lead") == [
        (count, count, 1, 1)
    ]
    assert desk.ask("SELECT state FROM transfer_import") == [("done",)]
    assert desk.ask("SELECT count(*) FROM core_change WHERE record_type = 'lead'") == [(count,)]


@pytest.mark.covers("R266")
def test_two_imports_at_once_make_no_duplicate_of_what_both_bring(desk, tmp_path):
    shared, own = 1500, 1000
    first = write(tmp_path / "first.csv", range(shared + own))
    numbers = [*range(shared), *range(10_000, 10_000 + own)]
    second = write(tmp_path / "second.csv", numbers[::-1])
    options = (
        "--type",
        "lead",
        "--default",
        "source=website",
        "--match",
        "email",
        "--on-match",
        "merge-empty",
        "--json",
    )
    both = [desk.start("import", file, *options) for file in (first, second)]
    reports = [json.loads(finished(process))["files"][0] for process in both]
    assert desk.ask("SELECT count(*), count(DISTINCT email) FROM leads_lead") == [(shared + 2 * own,) * 2]
    assert sum(report["created"] for report in reports) == shared + 2 * own
    assert sum(report["skipped"] for report in reports) == shared
    assert [report["failed"] for report in reports] == [0, 0]


def test_a_killed_command_leaves_whole_chunks_and_goes_on_without_doubles(desk, shared_data):
    count = "SELECT count(*), count(DISTINCT name) FROM opportunities_opportunity"
    importing = desk.start("import", shared_data / "crm_sales", "--plan", PLAN)
    wait_until(lambda: desk.ask(count)[0][0] > 0)
    kill(importing)
    [(rows, different)] = desk.ask(count)
    assert 0 < rows == different < 8800
    assert rows % CHUNK == 0
    assert "8,800 created, 0 updated, 0 skipped, 0 failed" in desk.answer("import", "--resume", "1")
    assert desk.ask(count) == [(8800, 8800)]
    stages = json.loads(desk.answer("query", "opportunity", "--group-by", "stage", "--json"))
    assert [row["count"] for row in stages] == [4238, 2473, 1589, 500]
