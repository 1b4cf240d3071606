"""Putting a backup back: beside what is there, compared with the backup, and only then in its place."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from kariz import audit
from kariz.accounts import company
from kariz.core import erasing
from kariz.features.backups import checking, places, snapshots
from kariz.features.backups.archive import Archive, BadBackup, not_kept
from kariz.features.backups.making import TASK, Progress, folder
from kariz.features.backups.rows import Table
from kariz.jobs.models import Job
from kariz.jobs.states import State


class NotEmpty(Exception):
    """There are records where the backup is to go."""

    def __init__(self) -> None:
        super().__init__(
            "There are records here already. Restore into an empty data folder, or replace them with --replace:"
            " they are kept aside."
        )


@dataclass(frozen=True)
class Restored:
    """What was put back. `aside` is where that which it replaced is kept, if there was something.

    `erased` counts the erasures since the backup was made, which were done again.
    """

    rows: int
    files: int
    aside: Path | None
    erased: int = 0


def restore(path: Path, *, replace: bool, progress: Progress = lambda done, total, what: None) -> Restored:
    """Raises `BadBackup`, `NotEmpty` and `InUse`, and has then changed nothing."""
    with Archive(path) as archive:
        state, tables = checking.targets(archive), checking.tables(archive)
        is_empty = checking.is_empty()
        if not is_empty and not replace:
            raise NotEmpty
        aside = folder() / f"replaced-{timezone.now():%Y%m%d-%H%M%S}"
        with tempfile.TemporaryDirectory(dir=folder(), prefix=".restoring-") as unpacked:
            _unpack(archive, Path(unpacked))
            aside.mkdir()
            try:
                with places.prepared(aside, keeps=not is_empty) as place:
                    _fill(archive, state, tables, place, progress)
                    _compare(archive, tables)
                    call_command("migrate", interactive=False, verbosity=0)
                    # The one that made this backup ran while it was made: it has ended.
                    Job.objects.filter(name=TASK, state=State.RUNNING).delete()
                _change_files(Path(unpacked), aside)
            finally:
                if is_empty or not any(aside.iterdir()):
                    shutil.rmtree(aside)
        erased = erasing.erase_again()
    counted = sum(one["rows"] for one in archive.tables)
    audit.adopt("restored from a backup")  # made where the secret key is another one
    audit.note("backup.restored", file=path.name, made_at=archive.manifest["made_at"], rows=counted)
    return Restored(counted, len(archive.files), None if is_empty else aside, erased)


def _unpack(archive: Archive, into: Path) -> None:
    for one in archive.files:
        path = into / one["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            for chunk in archive.chunks(f"files/{one['name']}", one):
                file.write(chunk)


def _fill(
    archive: Archive,
    state: list[tuple[str, str]],
    tables: list[Table],
    place: Any,
    progress: Progress,
) -> None:
    """The tables as they were when the backup was made, with its rows."""
    MigrationExecutor(connection).migrate(state)
    done, total = 0, sum(one["rows"] for one in archive.tables)
    try:
        with place.bare():
            for table, one in zip(tables, archive.tables, strict=True):
                place.load(table, archive.chunks(f"tables/{table.name}", one))
                done += one["rows"]
                progress(done, total, table.name)
        for table, one in zip(tables, archive.tables, strict=True):
            if one["last"]:
                place.number_on(table, one["last"])
    except (DatabaseError, ValueError, KeyError) as error:
        raise BadBackup(f"The rows of {archive.path.name} do not fit into this database: {error}") from error
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # the first statements that people wait for need to know what is there
    company.forget()  # what migrations have read of it is not it any more


def _compare(archive: Archive, tables: list[Table]) -> None:
    """Raise `BadBackup` where what is in the database now is not what the backup holds, row by row.

    PostgreSQL spells JSON its own way: where the rows come from SQLite, they are counted.
    """
    is_same_kind = connection.vendor in ("sqlite", archive.manifest["database"])
    with snapshots.reading() as snapshot:
        for table, one in zip(tables, archive.tables, strict=True):
            if is_same_kind:
                is_equal = _digest(snapshot.lines(table)) == one["sha256"]
            else:
                is_equal = snapshot.count(table) == one["rows"]
            if not is_equal:
                raise BadBackup(
                    f"The rows of {table.name} did not come back as they are in {archive.path.name}."
                )


def _digest(chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _change_files(new: Path, aside: Path) -> None:
    data: Path = settings.DATA
    apart = not_kept(data)
    for path in data.iterdir():
        if path not in apart:
            path.replace(aside / path.name)
    for path in new.iterdir():
        path.replace(data / path.name)
