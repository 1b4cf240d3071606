"""Times an import and the undo of one on the database of the environment: `python -m bench.writes 10000 import`.

Each is the command or the job that people use, in a process of its own; meanwhile a visitor goes on reading lists.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django

KEYS = ("import", "undo")
SHARE = 5  # the import that is undone has a fifth of the rows, of which a quarter changes what is there
BREATH = 0.5  # seconds between two lists that the visitor reads


@dataclass(frozen=True)
class Written:
    """`seconds` are those on the clock, `cpu` those of the process alone; `list_p95` is in milliseconds."""

    key: str
    label: str
    aim: str
    rows: int
    seconds: float
    cpu: float
    peak_mb: int
    list_p95: float | None


def main(size: str, *wanted: str) -> None:
    from bench import ground, jobs, serving
    from bench.visiting import Visitor
    from kariz.features.demo.people import PASSWORD

    stand = ground.survey("team")
    found = []
    with serving.served({}) as port, tempfile.TemporaryDirectory() as folder:
        visitor = Visitor(port)
        visitor.sign_in(stand.user.username, PASSWORD)
        lists = [job for job in jobs.every() if job.key == "list" and isinstance(job, jobs.Page)]
        for key in wanted or KEYS:
            print(f"  {key} …", file=sys.stderr, flush=True)
            work = {"import": _import, "undo": _undo}[key]
            found.append(asdict(work(int(size), Path(folder), Reading(visitor, lists[0], stand))))
    print(json.dumps(found))


@dataclass
class Reading:
    """Somebody who reads a list every half a second while something else is going on."""

    visitor: Any
    job: Any
    ground: Any

    @contextmanager
    def going_on(self) -> Iterator[list[float]]:
        seconds: list[float] = []
        ended = threading.Event()
        thread = threading.Thread(target=self._read, args=(seconds, ended))
        thread.start()
        try:
            yield seconds
        finally:
            ended.set()
            thread.join()

    def _read(self, seconds: list[float], ended: threading.Event) -> None:
        twin = self.visitor.twin()
        while not ended.wait(BREATH):
            seconds.append(twin.ask(self.job.ask(self.ground, len(seconds))).seconds)


def _import(size: int, folder: Path, reading: Reading) -> Written:
    """As many leads as there are, each looked for by its e-mail."""
    from bench import writes_sample

    path = folder / "leads.csv"
    writes_sample.write(path, size, _people())
    aim = "4,000 rows/s on PostgreSQL, 3,000 on SQLite, 600 MB"
    return _measured("import", "Import leads", aim, size, _importing(path), reading)


def _undo(size: int, folder: Path, reading: Reading) -> Written:
    from bench import writes_sample

    count = max(size // SHARE, 4)
    path = folder / "undone.csv"
    writes_sample.write(path, count, _people(), _known(count // 4))
    report = json.loads(subprocess.run(_importing(path), check=True, stdout=subprocess.PIPE).stdout)
    command = [sys.executable, "-m", "bench.writes_undo", str(report["batch"])]
    return _measured("undo", "Undo an import, a quarter of it changes", "minutes", count, command, reading)


def _people() -> list[str]:
    """By name; of a hundred people two have the same one, and a file cannot mean them."""
    from kariz.accounts.models import User

    named = Counter(User.objects.filter(is_active=True).order_by("pk").values_list("name", flat=True))
    return [name for name, count in named.items() if count == 1]


def _known(count: int) -> list[str]:
    """The e-mails of leads that are there, each of one lead only."""
    from kariz.core import records, registry

    open_leads = {"all": [["is_open", "yes"], ["email", "not_empty"]]}
    found = records.visible(registry.get("lead"), None, where=open_leads, sort="created_at")
    return list(dict.fromkeys(found.values_list("email", flat=True)[: count * 2]))[:count]


def _importing(path: Path) -> list[str]:
    command = [sys.executable, "-m", "kariz.config.cli", "import", str(path)]
    return [*command, "--type", "lead", "--match", "email", "--on-match", "update", "--json"]


def _measured(key: str, label: str, aim: str, rows: int, command: list[str], reading: Reading) -> Written:
    with reading.going_on() as lists, tempfile.TemporaryFile() as answer:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=answer)
        _pid, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}.")
    return Written(
        key=key,
        label=label,
        aim=aim,
        rows=rows,
        seconds=round(seconds, 1),
        cpu=round(used.ru_utime + used.ru_stime, 1),
        peak_mb=used.ru_maxrss // 1024,
        list_p95=round(statistics.quantiles(lists, n=20)[-1] * 1000, 1) if len(lists) > 1 else None,
    )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "kariz.config.settings"
    django.setup()
    main(*sys.argv[1:])
