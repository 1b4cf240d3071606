"""`make bench`: builds what is not kept yet, times every job on SQLite and PostgreSQL, and tells what came out."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime

from bench import ground, report, stores, writes, writes_report

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000}
QUICK = 10_000  # up to this size a run is a look: each job is timed a quarter as often


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "jobs", nargs="*", metavar="JOB", help="only these: list record search board create … import undo"
    )
    parser.add_argument("--size", choices=SIZES, type=str.lower, default="100k", help="leads (100k)")
    parser.add_argument(
        "--reader",
        choices=ground.READERS,
        default="team",
        help="who sees the records of several teams, his own, or all",
    )
    parser.add_argument(
        "--sharing",
        action="store_true",
        help="with thirty teams, fifty sharing rules, and records shared by hand",
    )
    parser.add_argument(
        "--language", choices=("en", "fa", "tr"), default="en", help="of the sample company (en)"
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only this one")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    wanted = parser.parse_args()
    chosen = [
        store
        for store in stores.stores(SIZES[wanted.size], wanted.language)
        if wanted.database in (None, store.name.lower())
    ]
    reads = [job for job in wanted.jobs if job not in writes.KEYS]
    long = [job for job in wanted.jobs if job in writes.KEYS]
    found = {
        store.name: time_one(store, wanted.reader, reads, has_sharing=wanted.sharing)
        if reads or not long
        else []
        for store in chosen
    }
    written = {store.name: time_writes(store, long) if long or not reads else [] for store in chosen}
    result = {
        "size": SIZES[wanted.size],
        "reader": f"{wanted.reader}, with sharing" if wanted.sharing else wanted.reader,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "databases": found,
        "writes": written,
    }
    (stores.CACHE / f"result_{wanted.size}_{wanted.reader}{'_sharing' * wanted.sharing}.json").write_text(
        json.dumps(result, indent=1)
    )
    print(report.on_screen(result), writes_report.on_screen(result), sep="\n")
    if not stores.has_postgres():
        print(f"Left out: PostgreSQL; no server at {stores.server()}. KARIZ_TEST_POSTGRES names another.")
    if wanted.write:
        report.write(result)
        writes_report.write(result)


def time_one(
    store: stores.Store, reader: str, jobs: list[str], *, has_sharing: bool
) -> list[dict[str, object]]:
    print(f"{store.name}: {store.size:,} leads and {store.size:,} opportunities", file=sys.stderr, flush=True)
    environment = {**os.environ, **store.fresh()}
    if has_sharing:
        subprocess.run([sys.executable, "-m", "bench.sharing"], check=True, cwd=stores.ROOT, env=environment)
    share = 4 if store.size <= QUICK else 1
    command = [sys.executable, "-m", "bench.one", reader, str(share), *jobs]
    done = subprocess.run(
        command, check=True, cwd=stores.ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    return list(json.loads(done.stdout))


def time_writes(store: stores.Store, jobs: list[str]) -> list[dict[str, object]]:
    print(f"{store.name}: imports into {store.size:,} leads", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "bench.writes", str(store.size), *jobs]
    environment = {**os.environ, **store.fresh()}
    done = subprocess.run(
        command, check=True, cwd=stores.ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    return list(json.loads(done.stdout))


if __name__ == "__main__":
    main()
