"""Carries an import out: a chunk of rows is one transaction, and the next run goes on where the last one ended."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from kariz import jobs, notices
from kariz.accounts import company, locale
from kariz.core import bulk, records
from kariz.core.models import Change
from kariz.features.transfer import matching
from kariz.features.transfer.models import FailedRow, Import, ImportFile
from kariz.features.transfer.outcomes import Tally
from kariz.features.transfer.plans import Step
from kariz.features.transfer.targets import RecordTarget, Target, target_of

if TYPE_CHECKING:
    from kariz.jobs.models import Job

CHUNK = 2_000
DONE = gettext_noop(
    "The import of “%(label)s” is done: %(created)s created, %(updated)s changed, %(failed)s failed."
)

Progress = Callable[[int, int], None]
Part = Callable[[Import, ImportFile], Iterator[int]]
"""Carries a part of a file out, and tells after each transaction how much that was."""


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


def stop(run: Import) -> None:
    """End it after the chunk that is being written; what stands can be undone, or gone on with."""
    open_runs = Import.objects.filter(pk=run.pk, state__in=(Import.State.WAITING, Import.State.RUNNING))
    if open_runs.update(state=Import.State.STOPPED) and run.job:
        run.job.cancel()


@jobs.task("run_import")
def run_import(job: Job, run: int) -> None:
    found = Import.objects.select_related("user", "batch").get(pk=run)
    carry_out(found, job.progress)


def carry_out(run: Import, progress: Progress) -> Import:
    """Write what has not been written yet, file by file. Safe to call again after a crash."""
    company.forget()
    if not _begin(run):
        return run
    with locale.use(locale.Locale.of(run.user)):
        for done, total in _parts(run):
            progress(done, total)
            if Import.objects.filter(pk=run.pk, state=Import.State.STOPPED).exists():
                return run
    run.state, run.finished_at = Import.State.DONE, timezone.now()
    Import.objects.filter(pk=run.pk, state=Import.State.RUNNING).update(
        state=run.state, finished_at=run.finished_at
    )
    _tell(run)
    return run


def _begin(run: Import) -> bool:
    """False where it is done already, or was stopped before a worker came."""
    run.batch = run.batch or records.batch_of("import", run.user, run.label)
    run.state, run.started_at = Import.State.RUNNING, timezone.now()
    run.started_row = sum(file.next_row for file in run.files.all())
    open_states = (Import.State.DRAFT, Import.State.WAITING, Import.State.RUNNING)
    return bool(
        Import.objects.filter(pk=run.pk, state__in=open_states).update(
            batch=run.batch, state=run.state, started_at=run.started_at, started_row=run.started_row
        )
    )


def _parts(run: Import) -> Iterator[tuple[int, int]]:
    """How many are done, and of how many, after each transaction: rows, then the links between the rows of a file.

    Exact files link to each other in circles: their links are made when the records of all are there.
    """
    files = list(run.files.all())
    done, total = sum(file.next_row for file in files), sum(file.row_count for file in files)
    parts: list[tuple[Part, ImportFile]] = []
    last: list[tuple[Part, ImportFile]] = []
    for file in files:
        parts.append((_write, file))
        (last if step_of(file).exact else parts).append((_link, file))
    for part, file in [*parts, *last]:
        total += file.pending_links.count() if part is _link else 0
        for count in part(run, file):
            done += count
            yield done, total


def _write(run: Import, file: ImportFile) -> Iterator[int]:
    target = target_of(step_of(file), run.user, file.header)
    if isinstance(target, RecordTarget):
        matching.make_quick(target.keys, file.row_count)
    rows = file.source().rows(file.next_row)
    chunk: list[list[str]] = []
    with bulk.without_collector():
        while chunk := chunk + list(islice(rows, CHUNK - len(chunk))):
            with transaction.atomic():
                taken = _write_chunk(run, file, target, chunk)
            chunk = chunk[taken:]
            gc.collect(0)  # of what this chunk has made; all else was there before
            yield taken


def _link(run: Import, file: ImportFile) -> Iterator[int]:
    target = target_of(step_of(file), run.user, file.header)
    while count := _link_chunk(run, file, target):
        yield count


@transaction.atomic
def _link_chunk(run: Import, file: ImportFile, target: Target) -> int:
    """Whoever else carries the same import on waits, and takes the links that come next."""
    return target.link(run, ImportFile.objects.select_for_update().get(pk=file.pk))


def _write_chunk(run: Import, file: ImportFile, target: Target, chunk: list[list[str]]) -> int:
    """Write rows and how far the file has come, together. Gives the number of rows that it took."""
    reached = ImportFile.objects.select_for_update().filter(pk=file.pk, next_row=file.next_row)
    if not reached:
        raise jobs.Cancelled  # another process has written these rows meanwhile
    rows = target.write(chunk, run, file)
    first = file.next_row + 1
    FailedRow.objects.bulk_create(
        FailedRow(file=file, number=number, cells=row.cells, reasons=[one.text for one in row.problems])
        for number, row in enumerate(rows, first)
        if row.problems
    )
    tally = Tally(problems=file.problems)
    tally.add(rows, first)
    file.next_row += len(rows)
    for name in ("created", "updated", "skipped", "failed"):
        setattr(file, f"{name}_count", getattr(file, f"{name}_count") + getattr(tally, name))
    file.save(update_fields=["next_row", "problems", *ImportFile.COUNTS])
    return len(rows)


def made(run: Import) -> dict[str, list[Any]]:
    """The linked records that were made on the way, as `Tally.made` without names: what no row has become."""
    files = list(run.files.all())
    if run.batch is None or not any(step_of(file).create for file in files):
        return {}
    created = run.batch.changes.filter(kind=Change.Kind.CREATED).order_by().values_list("record_type")
    counts = dict(created.annotate(count=Count("pk")))
    for file in files:
        kind = step_of(file).type
        counts[kind] = counts.get(kind, 0) - file.created_count
    return {kind: [count, []] for kind, count in counts.items() if count > 0}


def _tell(run: Import) -> None:
    """A large import ends when nobody looks any more."""
    if run.user is None or run.job_id is None:
        return
    ours = locale.Locale.of(run.user)
    counts = {
        name: sum(getattr(file, f"{name}_count") for file in run.files.all())
        for name in ("created", "updated", "failed")
    }
    notices.tell(
        [run.user],
        DONE,
        params={"label": run.label, **{name: ours.number(count) for name, count in counts.items()}},
        url=reverse("transfer:report", args=[run.pk]),
        kind="import",
        key=f"import {run.pk}",
    )
