"""What the wizard must know of the files before it can go on: found out at once, for a large import by a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from kariz import jobs
from kariz.features.transfer import checking, surveying
from kariz.features.transfer.models import Import
from kariz.jobs.states import State

if TYPE_CHECKING:
    from kariz.features.transfer.running import Progress

AT_ONCE = 2_000
"""So many rows are read while the person waits: the answer comes sooner than a worker would look."""


@dataclass(frozen=True)
class Part:
    """`column` of a file keeps what `find_out` found; None means not yet."""

    task: str
    column: str
    find_out: Callable[[Import, Progress], None]


SURVEY = Part("survey_import", "unknown", surveying.survey)
CHECK = Part("check_import", "checked", checking.check)


def is_ready(run: Import, part: Part) -> bool:
    """Whether all files have it; otherwise `run.job` is to find it out, or has failed to. Raises `BadPlan`."""
    files = list(run.files.all())
    if all(getattr(file, part.column) is not None for file in files):
        return True
    if sum(file.row_count for file in files) <= AT_ONCE:
        part.find_out(run, lambda done, total: None)
        return True
    if run.job is None or run.job.name != part.task:
        ask(run, part)
    return False


def ask(run: Import, part: Part) -> None:
    """Have a worker find it out."""
    with transaction.atomic():
        run.job = jobs.enqueue(part.task, user=run.user, unique_key=f"{part.task} {run.pk}", run=run.pk)
        run.save(update_fields=["job"])


def has_failed(run: Import) -> bool:
    return run.job is not None and run.job.state in (State.FAILED, State.CANCELLED)


def forget(run: Import, *parts: Part) -> None:
    """The answers have changed: what was found out with the old ones is void."""
    if run.job is not None:
        run.job.cancel()
    run.job = None
    run.save(update_fields=["job"])
    run.files.update(**dict.fromkeys(part.column for part in parts))
