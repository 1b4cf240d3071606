"""The undo of a large batch: a job with its progress, and a notice at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kariz import jobs, notices
from kariz.accounts import company
from kariz.accounts.locale import Locale
from kariz.core import changes, undoing
from kariz.core.access import Forbidden
from kariz.core.models import Undoing
from kariz.jobs.states import State

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.models import ChangeBatch
    from kariz.jobs.models import Job

DONE = gettext_noop("Undone: %(restored)s records are as before, %(kept)s were changed since and stay.")


@transaction.atomic
def start(batch: ChangeBatch, user: User) -> Undoing:
    """Have a batch undone by a job; one that was stopped is continued. Raises `Forbidden`."""
    found = undoing.unfinished(batch)
    if found and not changes.may_undo(batch, user):
        raise Forbidden(_("You may only undo your own changes."))
    found = found or undoing.begin(batch, user)
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
    company.forget()
    found = undoing.carry_on(Undoing.objects.get(pk=payload["undoing"]), job.progress)
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
