"""Undoing what is too much for one transaction: stretch by stretch, going on where it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kariz import jobs, notices
from kariz.accounts import company
from kariz.accounts.locale import Locale
from kariz.core import changes
from kariz.core.access import Forbidden
from kariz.core.changes import Kept, Undone
from kariz.core.models import Undoing
from kariz.jobs.states import State

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.models import ChangeBatch
    from kariz.jobs.models import Job

LARGE = 3_000  # changes; up to here undoing them is a matter of seconds
LISTED = 500
DONE = gettext_noop("Undone: %(restored)s records are as before, %(kept)s were changed since and stay.")

Progress = Callable[[int, int], None]


def is_large(batch: ChangeBatch) -> bool:
    """Whether it should be undone by a job."""
    return batch.changes.order_by()[LARGE : LARGE + 1].exists()


def unfinished(batch: ChangeBatch) -> Undoing | None:
    """The undoing of this batch that is under way, or was stopped."""
    return Undoing.objects.filter(batch__undoes=batch, finished_at=None).first()


@transaction.atomic
def begin(batch: ChangeBatch, user: User) -> Undoing:
    """From here on the batch is being undone, by nobody else. Raises `Forbidden`."""
    undo = changes.begin(batch, user)
    return Undoing.objects.create(batch=undo, total=batch.changes.count())


def carry_on(undoing: Undoing, progress: Progress) -> Undoing:
    """Take back what has not been taken back yet. Safe to call again after a crash, and in two processes at once."""
    while undoing.finished_at is None:
        undoing = _stretch(undoing.pk)
        progress(undoing.done, undoing.total)
    return undoing


@transaction.atomic
def _stretch(pk: int) -> Undoing:
    """Reverse one stretch, and keep how far that is, together."""
    rows = Undoing.objects.select_for_update(of=("self",)).select_related("batch__undoes", "batch__user")
    undoing = rows.get(pk=pk)
    undone_batch = undoing.batch.undoes
    if undoing.finished_at or undone_batch is None:
        return undoing
    chunk = changes.before(undone_batch, undoing.reached)
    if chunk:
        undone = Undone(undoing.batch)
        changes.take_back(chunk, undone)
        _add(undoing, undone)
        undoing.done += len(chunk)
        undoing.reached = chunk[-1].pk
    else:
        changes.follow_up(undone_batch)
        undoing.finished_at = timezone.now()
    undoing.save()
    return undoing


def _add(undoing: Undoing, undone: Undone) -> None:
    undoing.restored += undone.restored
    undoing.kept_count += len(undone.kept)
    room = LISTED - len(undoing.kept)
    undoing.kept += [[one.record_type, one.record_id, one.fields] for one in undone.kept[:room]]


def kept(undoing: Undoing) -> list[Kept]:
    """The first of the changes that were left alone."""
    return [Kept(*row) for row in undoing.kept]


@transaction.atomic
def start(batch: ChangeBatch, user: User) -> Undoing:
    """Have a batch undone by a job; one that was stopped is continued. Raises `Forbidden`."""
    found = unfinished(batch)
    if found and not changes.may_undo(batch, user):
        raise Forbidden(_("You may only undo your own changes."))
    found = found or begin(batch, user)
    if is_stopped(found):
        found.job = jobs.enqueue("undo_batch", user=user, unique_key=f"undo {found.pk}", undoing=found.pk)
        found.save(update_fields=["job"])
    return found


def is_stopped(found: Undoing) -> bool:
    """Whether nobody is going on with it."""
    return not found.finished_at and (
        found.job is None or found.job.state not in (State.WAITING, State.RUNNING)
    )


@jobs.task("undo_batch")
def undo_batch(job: Job, **payload: int) -> None:
    """Carry on, and tell who asked for it when it is done."""
    company.forget()
    found = carry_on(Undoing.objects.get(pk=payload["undoing"]), job.progress)
    user = found.batch.user
    if user:
        ours = Locale.of(user)
        notices.tell(
            [user],
            DONE,
            params={"restored": ours.number(found.restored), "kept": ours.number(found.kept_count)},
            url=f"/batches/{found.batch_id}/",
            key=f"undo {found.pk}",
        )
