"""Carries an import out: a chunk of rows is one transaction, and the next run goes on where the last one ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from kariz import jobs
from kariz.accounts import company, locale
from kariz.core import records
from kariz.features.transfer.models import FailedRow, Import, ImportFile
from kariz.features.transfer.plans import Step
from kariz.features.transfer.sources import Source
from kariz.features.transfer.targets import Target, target_of

if TYPE_CHECKING:
    from kariz.jobs.models import Job

CHUNK = 500

Progress = Callable[[int, int], None]


def source_of(file: ImportFile) -> Source:
    has_header = bool(file.plan.get("has_header", True))
    quote = file.plan.get("quote", '"')
    return Source(Path(file.file.path), file.encoding, file.delimiter, file.header, quote, has_header)


def step_of(file: ImportFile) -> Step:
    return Step.of({key: value for key, value in file.plan.items() if key in Step.__dataclass_fields__})


def start(run: Import) -> Import:
    """Hand the import to a worker."""
    with transaction.atomic():
        run.batch = run.batch or records.batch_of("import", run.user, run.label)
        run.state = Import.State.WAITING
        run.job = jobs.enqueue("run_import", user=run.user, unique_key=f"import {run.pk}", run=run.pk)
        run.save()
    return run


@jobs.task("run_import")
def run_import(job: Job, run: int) -> None:
    found = Import.objects.select_related("user", "batch").get(pk=run)
    carry_out(found, job.progress)


def carry_out(run: Import, progress: Progress) -> Import:
    """Write what has not been written yet, file by file. Safe to call again after a crash."""
    company.forget()
    if run.state == Import.State.DONE:
        return run
    run.batch = run.batch or records.batch_of("import", run.user, run.label)
    run.state = Import.State.RUNNING
    run.save(update_fields=["batch", "state"])
    files = list(run.files.all())
    total = sum(file.row_count for file in files)
    done = 0
    with locale.use(locale.Locale.of(run.user)):
        for file in files:
            done += file.next_row
            for written in _carry_out_file(run, file):
                done += written
                progress(done, total)
                if Import.objects.filter(pk=run.pk, state=Import.State.STOPPED).exists():
                    return run
    run.state, run.finished_at = Import.State.DONE, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    return run


def _carry_out_file(run: Import, file: ImportFile) -> Iterator[int]:
    step = step_of(file)
    target = target_of(step, run.user)
    rows = source_of(file).rows(file.next_row)
    while chunk := list(islice(rows, CHUNK)):
        with transaction.atomic():
            _write_chunk(run, file, step, target, chunk)
        yield len(chunk)
    with transaction.atomic():
        target.finish(run, file)


def _write_chunk(run: Import, file: ImportFile, step: Step, target: Target, chunk: list[list[str]]) -> None:
    reasons = target.write([named_cells(file, step, cells) for cells in chunk], run, file)
    failures = [
        FailedRow(file=file, number=file.next_row + offset + 1, cells=cells, reasons=why)
        for offset, (cells, why) in enumerate(zip(chunk, reasons, strict=True))
        if why
    ]
    FailedRow.objects.bulk_create(failures)
    reached = file.next_row
    file.next_row += len(chunk)
    file.failed_count += len(failures)
    file.created_count += len(chunk) - len(failures)
    counts = {name: getattr(file, name) for name in ("next_row", "failed_count", "created_count")}
    if not ImportFile.objects.filter(pk=file.pk, next_row=reached).update(**counts):
        raise jobs.Cancelled  # another process has written these rows meanwhile; this transaction leaves no trace


def named_cells(file: ImportFile, step: Step, cells: list[str]) -> dict[str, str]:
    """Field → text of one row; columns that are mapped to nothing are left out."""
    return {
        step.columns[title]: cell
        for title, cell in zip(file.header, cells, strict=True)
        if step.columns.get(title)
    }
