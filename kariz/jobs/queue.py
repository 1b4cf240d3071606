"""The way in: a job is a row, written in the caller's transaction and gone if that is rolled back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from kariz.jobs.registry import tasks
from kariz.jobs.states import State

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from kariz.jobs.models import Job


def enqueue(
    name: str,
    *,
    priority: int = 0,
    run_at: datetime | None = None,
    user: AbstractBaseUser | None = None,
    unique_key: str = "",
    **payload: Any,
) -> Job:
    """Have the task run, at once or at `run_at`, after this transaction; a higher priority goes first.

    With a `unique_key`, a job of the same name and key that still waits is returned instead.
    """
    from kariz.jobs.models import Job  # apps import this module while Django is still loading the models

    if name not in tasks:
        raise LookupError(f"No task is called “{name}”.")
    new = Job(
        name=name,
        payload=payload,
        priority=priority,
        unique_key=unique_key,
        user_id=user.pk if user else None,
    )
    new.run_at = run_at or new.created_at
    with transaction.atomic():
        waiting = _waiting_twin(new) if unique_key else None
        if waiting is None:
            new.save(force_insert=True)
    return waiting or new


def _waiting_twin(job: Job) -> Job | None:
    # Locked until the caller's commit: no worker may run it before it can see what the caller has written.
    # One that is locked already does not count; a job too many does no harm, waiting for another transaction would.
    twins = type(job).objects.filter(state=State.WAITING, unique_key=job.unique_key, name=job.name)
    return twins.select_for_update(skip_locked=True).first()
