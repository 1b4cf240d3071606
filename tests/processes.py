"""Kariz in processes of its own, on a folder and a database of its own, as it runs for people; and killing them."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
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

    def wake(self) -> None:
        """Nobody waits a minute here for the lease of a dead worker."""
        self.ask("UPDATE jobs_job SET leased_until = '2000-01-01' WHERE state = 'running'")


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    """A desk on a new database, cleared away at the end."""
    url = urlunsplit(urlsplit(SERVER)._replace(path=f"/kariz_{os.getpid()}")) if SERVER else ""
    if url:
        _administer(f'CREATE DATABASE "kariz_{os.getpid()}"')
    here = Desk(folder, url)
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
