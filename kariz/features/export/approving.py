"""Deciding on a large export: an administrator does, never the asker. Every step is noted in the audit log.

Rights are asked for again when the file is written: approval gives none.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kariz import audit
from kariz.accounts.models import User
from kariz.core.access import Forbidden
from kariz.features.export import large, running
from kariz.features.export.models import ExportRun
from kariz.features.export.showing import subject

State = ExportRun.State

APPROVED = gettext_noop("%(who)s has approved your export of %(count)s records of “%(type)s”.")
REFUSED = gettext_noop("%(who)s has refused your export of %(count)s records of “%(type)s”: %(reason)s")


def may_decide(run: ExportRun, user: User) -> bool:
    return user.is_administrator and run.user_id != user.pk and run.state == State.WAITING


@transaction.atomic
def approve(pk: int, by: User) -> None:
    """Have a worker write the file. Raises `Forbidden`."""
    run = _decided(pk, by, State.RUNNING)
    audit.note("export.approved", user=by, about=subject(run), **_whose(run))
    running.start(run)
    large.tell([run.user], APPROVED, run, f"/exports/{pk}/", who=str(by))


@transaction.atomic
def refuse(pk: int, by: User, reason: str) -> None:
    """Raises `Forbidden`."""
    run = _decided(pk, by, State.REFUSED, reason)
    audit.note("export.refused", user=by, about=subject(run), reason=reason, **_whose(run))
    large.tell([run.user], REFUSED, run, f"/exports/{pk}/", who=str(by), reason=reason)


@transaction.atomic
def withdraw(pk: int) -> None:
    """The asker does not want it any more. Nothing happens where somebody has just decided."""
    run = ExportRun.objects.select_for_update().get(pk=pk)
    if run.state == State.WAITING:
        run.end(State.STOPPED, 0)
        audit.note("export.withdrawn", user=run.user, about=subject(run), **_whose(run))


def _decided(pk: int, by: User, state: State, reason: str = "") -> ExportRun:
    """The export with what was decided on it, by the first who decides."""
    run = ExportRun.objects.select_for_update().get(pk=pk)
    if run.state != State.WAITING:
        raise Forbidden(_("Somebody has decided on this export already."))
    if not may_decide(run, by):
        raise Forbidden(_("Another administrator than the one who asks decides on an export."))
    run.state, run.decided_by, run.reason = state, by, reason
    run.started_at = timezone.now()  # the days for which the file is kept begin now
    run.finished_at = timezone.now() if state == State.REFUSED else None
    run.save()
    return run


def _whose(run: ExportRun) -> dict[str, Any]:
    return {"export": run.pk, "whose": str(run.user or ""), "rows": run.total}
