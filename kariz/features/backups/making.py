"""Making a backup: one file, of one moment, while everybody goes on working."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kariz import audit
from kariz.accounts.models import User
from kariz.features.backups import archive, rows, snapshots
from kariz.features.backups.archive import BadBackup, Writer, kept_files, not_kept

TASK = "back_up"  # the job that makes one
OLD = 24 * 3600  # seconds: what a killed backup left behind

audit.group("backup", gettext_lazy("Backups"))
audit.kind("backup.made", gettext_lazy("Backup made"))
audit.kind("backup.downloaded", gettext_lazy("Backup downloaded"))
audit.kind("backup.deleted", gettext_lazy("Backup deleted"))
audit.kind("backup.restored", gettext_lazy("Backup restored"))
audit.kind("settings.backups", gettext_lazy("Settings of backups changed"))

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Made:
    """What was written; `is_verified` says that it was restored elsewhere and found to be equal."""

    path: Path
    size: int
    rows: int
    files: int
    is_verified: bool
    seconds: float


class Failed(Exception):
    """The backup could not be made; the message says why."""


def folder() -> Path:
    """Where backups stand unless somebody says otherwise."""
    found: Path = settings.DATA / "backups"
    found.mkdir(exist_ok=True)
    return found


def new_name(suffix: str = "") -> str:
    return f"kariz-{timezone.now():%Y%m%d-%H%M%S}{suffix}.zip"


def make(
    path: Path,
    *,
    verify: bool = True,
    user: User | None = None,
    progress: Progress = lambda done, total, what: None,
) -> Made:
    """Write everything to `path`, which then exists whole or not at all. `progress` hears of rows.

    Raises `Failed`.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Failed("The database is not up to date. Run `kariz migrate`, then make the backup.")
    started = time.monotonic()
    _tidy(path.parent)
    try:
        with Writer(path) as writer:
            manifest = _write(writer, progress)
            writer.finish(manifest)
    except OSError as error:
        raise Failed(f"The backup cannot be written to {path}: {error.strerror or error}.") from error
    if verify:
        progress(0, 0, "verifying")
        try:
            _verify(path)
        except Failed:
            path.replace(path.with_name(f"{path.name}.unverified"))
            raise
    counted = sum(table["rows"] for table in manifest["tables"])
    size, files = path.stat().st_size, len(manifest["files"])
    audit.note(
        "backup.made", user=user, file=path.name, rows=counted, files=files, size=size, is_verified=verify
    )
    return Made(path, size, counted, files, verify, round(time.monotonic() - started, 1))


def _write(writer: Writer, progress: Progress) -> dict[str, Any]:
    tables = rows.tables()
    with snapshots.taken() as snapshot:
        total, done, written = sum(snapshot.count(table) for table in tables), 0, []
        migrations = _migrations()
        for table in tables:
            part = writer.add(
                f"tables/{table.name}", _counted(snapshot.lines(table), done, total, table, progress)
            )
            done += part.rows
            columns = [[column.name, column.kind, column.places] for column in table.columns]
            last = snapshot.last_number(table)
            written.append(
                {"name": table.name, **vars(part), "columns": columns, "key": table.key, "last": last}
            )
    return {
        "format": archive.FORMAT,
        "kariz": version("kariz"),
        "made_at": timezone.now().isoformat(),
        "database": connection.vendor,
        "migrations": migrations,
        "tables": written,
        # After the rows: a document that a row names was there before it.
        "files": list(_files(writer)),
    }


def _counted(
    lines: Iterator[bytes], done: int, total: int, table: rows.Table, progress: Progress
) -> Iterator[bytes]:
    for chunk in lines:
        done += chunk.count(b"\n")
        progress(done, total, table.name)
        yield chunk


def _migrations() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def _files(writer: Writer) -> Iterator[dict[str, object]]:
    data: Path = settings.DATA
    for path in kept_files(data, {*not_kept(data), writer.path, writer.aside}):
        name = path.relative_to(data).as_posix()
        if not archive.is_inside(name):
            raise Failed(f"The file {name!r} has a name that not every system can hold. Rename it.")
        try:
            with path.open("rb") as file:
                part = writer.add(f"files/{name}", iter(lambda: file.read(archive.AT_ONCE), b""))
        except FileNotFoundError:  # taken away since the folder was read
            continue
        yield {"name": name, "size": part.size, "sha256": part.sha256}


def _verify(path: Path) -> None:
    """Restore the file into a folder of its own, in another process, which compares every row. Raises `Failed`."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".verifying-") as scratch:
        kept = {name: value for name, value in os.environ.items() if name != "KARIZ_DATABASE_URL"}
        done = subprocess.run(  # noqa: S603 # nosec B603 # our own command
            [sys.executable, "-m", "kariz.config.cli", "restore", str(path)],
            env={**kept, "KARIZ_DATA": scratch},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"the command ended with {done.returncode}"]
        raise Failed(f"The backup was made, but it cannot be restored: {said[-1]}")


def _tidy(place: Path) -> None:
    """Take away what a backup or a restore that was killed has left there."""
    for pattern in (f".*.zip.*{archive.PART}", ".verifying-*", ".restoring-*"):
        for path in place.glob(pattern):
            if time.time() - path.stat().st_mtime < OLD:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


__all__ = ["BadBackup", "Failed", "Made", "folder", "make", "new_name"]
