"""What an import would do, found out by doing all of it, a chunk at a time, and keeping nothing.

Each chunk is written and rolled back, so that every rule of the writing door is met and nobody waits for long. What a
chunk would have made is remembered by its keys and names, for rows further down that are the same record or link to it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from kariz import jobs
from kariz.accounts import company, locale
from kariz.core import duplicates, records, registry
from kariz.features.transfer import running
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.outcomes import CREATED, Tally
from kariz.features.transfer.promises import Promises
from kariz.features.transfer.targets import target_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kariz.accounts.models import User
    from kariz.features.transfer.outcomes import Row
    from kariz.features.transfer.running import Progress
    from kariz.features.transfer.targets import Target
    from kariz.jobs.models import Job


@jobs.task("check_import", retries=1)
def check_import(job: Job, run: int) -> None:
    check(Import.objects.select_related("user").get(pk=run), job.progress)


def check(run: Import, progress: Progress) -> None:
    """Try every file, each knowing what those before it would bring, and keep what came of it in `checked`."""
    company.forget()
    files = list(run.files.all())
    total, done = sum(file.row_count for file in files), 0
    with locale.use(locale.Locale.of(run.user)):
        promises = promised_by(run, files)
        for file in files:
            tally = Tally()
            file.next_row = 0
            target = target_of(running.step_of(file), run.user, file.header, promises)
            rows = file.source().rows()
            chunk: list[list[str]] = []
            while chunk := chunk + list(islice(rows, running.CHUNK - len(chunk))):
                taken = _try(run, file, target, chunk, tally)
                if promises.names:
                    promises.add(pair for cells in chunk[:taken] for pair in target.names(cells))
                chunk = chunk[taken:]
                file.next_row += taken
                progress(done + file.next_row, total)
            done += file.next_row
            for kind, number in target.missing():
                tally.count(kind, number)
            tally.made = target.made
            file.keep(run, checked=tally.as_json())


def promised_by(run: Import, files: list[ImportFile]) -> Promises:
    """An empty memory for the names that links of this import look for."""
    wanted: set[str] = set()
    for file in files:
        step = running.step_of(file)
        target = target_of(step, run.user, file.header)
        wanted.update(target.linked)
    return Promises(wanted)


def _try(run: Import, file: ImportFile, target: Target, chunk: list[list[str]], tally: Tally) -> int:
    """Write a chunk, count what came of it, and take it back. Gives the number of rows that it took."""
    with transaction.atomic():
        run.batch = records.batch_of("import", run.user, run.label)
        rows = target.write(chunk, run, file)
        first = file.next_row + 1
        tally.add(rows, first)
        target.describe(rows, first, tally)
        _note_repeated(rows, first, tally, run.user)
        transaction.set_rollback(True)
    run.batch = None
    company.forget()
    target.forget()
    return len(rows)


def _note_repeated(rows: Sequence[Row], first: int, tally: Tally, user: User | None) -> None:
    """Count the rows that would make a record of somebody who may be recorded already."""
    made = {
        row.record.pk: number
        for number, row in enumerate(rows, first)
        if row.result == CREATED and row.record
    }
    if made:
        record_type = registry.of(next(row.record for row in rows if row.record))
        for pk in sorted(duplicates.repeated(record_type, list(made), user)):
            tally.count(_("New, and possibly a duplicate of another record"), made[pk])
