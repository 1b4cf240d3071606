"""Batches: what was changed at one go, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import rows, schemas
from kariz.api.endpoints import Answer, Call, endpoint
from kariz.api.problems import Problem
from kariz.api.resources import history
from kariz.api.resources.records import LIMIT
from kariz.core import changes, registry, undoing
from kariz.core.models import ChangeBatch, Undoing

if TYPE_CHECKING:
    from kariz.core.changes import Kept

COUNT = schemas.shape({"type": schemas.TEXT, "kind": schemas.TEXT, "count": schemas.NUMBER})
BATCH = schemas.shape(
    {
        "id": schemas.ID,
        "kind": schemas.TEXT,
        "label": schemas.TEXT,
        "by": schemas.nullable(schemas.PERSON),
        "at": schemas.MOMENT,
        "undoes": schemas.nullable(schemas.ID),
        "undone_by": schemas.nullable(schemas.ID),
        "may_undo": schemas.YES_NO,
        "counts": schemas.array(COUNT),
    }
)
KEPT = schemas.shape({"type": schemas.TEXT, "id": schemas.ID, "fields": schemas.array(schemas.TEXT)})
UNDONE = schemas.shape(
    {
        "batch": schemas.ID,
        "is_done": schemas.YES_NO,
        "done": schemas.NUMBER,
        "total": schemas.NUMBER,
        "restored": schemas.NUMBER,
        "kept": schemas.array(KEPT),
    }
)


@endpoint("GET", "batches/{id}", summary=gettext_lazy("What was changed at one go"), result=BATCH)
def read_batch(call: Call, pk: int) -> Answer:
    return Answer(_row(call, _own(call, pk)))


def _own(call: Call, pk: int, verb: str = "read") -> ChangeBatch:
    """A batch of the caller's own, any to administrators, where all types in it are within his reach."""
    found = ChangeBatch.objects.select_related("user").filter(pk=pk).first()
    if found is None or not (call.user.is_administrator or found.user_id == call.user.pk):
        raise Http404
    names = list(found.changes.order_by().values_list("record_type", flat=True).distinct())
    for name in names:
        call.demand(registry.get(name), verb)
    if verb != "read" and not names:  # it holds something else than changes of records
        call.demand_everything()
    return found


def _row(call: Call, batch: ChangeBatch) -> dict[str, Any]:
    counts = batch.changes.order_by().values("record_type", "kind").annotate(n=Count("pk"))
    undone = batch.undone_by.order_by("pk").first()
    return {
        "id": batch.pk,
        "kind": batch.kind,
        "label": batch.label,
        "by": rows.person(batch.user) if batch.user else None,
        "at": batch.started_at.isoformat(),
        "undoes": batch.undoes_id,
        "undone_by": undone.pk if undone else None,
        "may_undo": undone is None and changes.may_undo(batch, call.user),
        "counts": [
            {"type": row["record_type"], "kind": row["kind"], "count": row["n"]}
            for row in counts.order_by("record_type", "kind")
        ],
    }


@endpoint(
    "GET", "batches/{id}/changes",
    summary=gettext_lazy("The changes of a batch"), query=(history.BEFORE, LIMIT), result=schemas.page(history.CHANGE),
)  # fmt: skip
def list_changes(call: Call, pk: int) -> Answer:
    return Answer(history.page(call, _own(call, pk).changes.all()))


@endpoint(
    "POST", "batches/{id}/undo",
    summary=gettext_lazy("Take a batch back"),
    about=gettext_lazy("A large one is taken back by a job: ask again at batches/…/undo until it is done."),
    result=UNDONE,
)  # fmt: skip
def undo_batch(call: Call, pk: int) -> Answer:
    batch = _own(call, pk, "edit")
    if batch.undone_by.exists() and not undoing.unfinished(batch):
        raise Problem(409, "undone", _("This has been undone already."))
    if undoing.is_large(batch):
        return Answer(_progress(undoing.start(batch, call.user)), status=202)
    undone = changes.undo(batch, call.user)
    return Answer(_undone(undone.batch.pk, undone.restored, undone.restored, undone.kept))


@endpoint(
    "GET", "batches/{id}/undo", summary=gettext_lazy("How far taking a batch back has come"), result=UNDONE
)
def read_undo(call: Call, pk: int) -> Answer:
    found = Undoing.objects.filter(batch__undoes=_own(call, pk)).first()
    if found is None:
        raise Http404
    return Answer(_progress(found))


def _progress(found: Undoing) -> dict[str, Any]:
    row = _undone(found.batch_id, found.total, found.restored, undoing.kept(found))
    return row | {"is_done": found.finished_at is not None, "done": found.done}


def _undone(batch: int, total: int, restored: int, kept: list[Kept]) -> dict[str, Any]:
    return {
        "batch": batch,
        "is_done": True,
        "done": total,
        "total": total,
        "restored": restored,
        "kept": [{"type": one.record_type, "id": one.record_id, "fields": one.fields} for one in kept],
    }
