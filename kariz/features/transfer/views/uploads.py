"""The first step: files are brought, recognised and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kariz.features.transfer import creating, guessing, remembering
from kariz.features.transfer.models import Import, ImportFile, SavedPlan
from kariz.features.transfer.plans import Step
from kariz.features.transfer.sources import Source, Unreadable, recognise
from kariz.features.transfer.views.steps import kinds, page
from kariz.web.doors import reader

MOST_FILES = 10
LARGEST_FILE = 200 * 1024 * 1024
RECENT = 10


def upload(request: HttpRequest) -> HttpResponse:
    if not kinds(reader(request)):
        raise PermissionDenied
    errors: list[str] = []
    if request.method == "POST":
        try:
            run = _receive(request)
        except Unreadable as error:
            errors = [str(error)]
        else:
            return redirect("transfer:columns", run.pk, run.files.all()[0].pk)
    mine = Import.objects.filter(user=reader(request)).exclude(state=Import.State.DRAFT)
    context = {
        "kinds": kinds(reader(request)),
        "chosen": request.GET.get("type", ""),
        "plans": SavedPlan.objects.order_by("name"),
        "recent": mine.order_by("-pk")[:RECENT],
        "errors": errors,
    }
    return page(request, "upload", "upload", status=422 if errors else 200, **context)


def _receive(request: HttpRequest) -> Import:
    """Keep the uploaded files as a draft of an import. Raises `Unreadable`."""
    uploaded = request.FILES.getlist("files")[:MOST_FILES]
    if not uploaded:
        raise Unreadable(_("Choose a file first."))
    plan = SavedPlan.objects.filter(pk=request.POST.get("plan") or 0).first()
    steps = {step["file"]: step for step in plan.steps} if plan else {}
    with transaction.atomic():
        label = ", ".join(str(one.name) for one in uploaded)[:200]
        run = Import.objects.create(user=reader(request), label=label)
        for position, one in enumerate(uploaded):
            if (one.size or 0) > LARGEST_FILE:
                raise Unreadable(_("“%(file)s” is larger than 200 MB. Split it.") % {"file": one.name})
            _keep(run, position, one, steps.get(str(one.name)), request)
    return run


def _keep(
    run: Import, position: int, uploaded: Any, step: dict[str, Any] | None, request: HttpRequest
) -> None:
    name = Path(str(uploaded.name)).name[:200]
    file = ImportFile(of=run, position=position, name=name)
    file.file.save(name, uploaded, save=False)
    try:
        source = recognise(file.path)
        file.be_read_as(source)
    except Unreadable as error:
        file.file.delete(save=False)
        raise Unreadable(f"{name}: {error}") from None
    file.plan = creating.allowed(step, reader(request)) if step else _plan(file, source, request)
    file.save()


def _plan(file: ImportFile, source: Source, request: HttpRequest) -> dict[str, Any]:
    """As the last time for a file with the same columns, else only what kind of records it holds."""
    kind = request.POST.get("type", "")
    recalled = remembering.recall(file.header, reader(request), kind)
    if recalled:
        name, plan = recalled
        return plan | {"file": file.name, "recalled": name}
    allowed = {one["name"] for one in kinds(reader(request))}
    suggested = source.suggested if source.suggested in allowed else ""
    kind = kind or suggested or guessing.record_type(file.header, reader(request))
    return Step(kind, file=file.name).as_json()
