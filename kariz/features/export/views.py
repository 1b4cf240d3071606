"""The question, the answer, the page that shows how far a large export is, and what everybody has exported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz import audit
from kariz.accounts import locale
from kariz.core import access, registry
from kariz.core.registry import RecordType
from kariz.features.export import approving, asking, running
from kariz.features.export.formats import FORMATS, offered
from kariz.features.export.keeping import KEPT
from kariz.features.export.models import ExportRun, ExportSetting
from kariz.features.export.settings_form import SettingForm
from kariz.features.export.showing import Shown, subject
from kariz.web.doors import for_administrators, reader
from kariz.web.listing import with_query
from kariz.web.navigation import template

LISTED = 100


def export(request: HttpRequest, record_type: RecordType) -> HttpResponseBase:
    """Ask what to export; answered, give the file, or show how far a large one is."""
    if not access.may(record_type, reader(request), "read"):
        raise Http404
    _refuse_outsiders(request, record_type)
    asked = asking.read(request, record_type)
    chosen = asking.choices(request, asked)
    errors = asking.errors(asked, chosen) if "run" in request.POST else []
    if "run" not in request.POST or errors:
        return _question(request, asked, chosen, errors)
    order = asked.order(chosen)
    run = running.begin(order, reader(request))
    if run.state == ExportRun.State.WAITING:
        return redirect("export:run", run.pk)
    if (run.total or 0) > running.DIRECTLY:
        return redirect("export:run", running.start(run).pk)
    return _file(run, StreamingHttpResponse(running.content(run)))


def _refuse_outsiders(request: HttpRequest, record_type: RecordType) -> None:
    if not access.may(record_type, reader(request), "export"):
        raise PermissionDenied(_("You may not export these records. Ask an administrator."))


def _question(
    request: HttpRequest, asked: asking.Asked, chosen: dict[str, str], errors: list[str]
) -> HttpResponse:
    record_type = asked.listing.record_type
    context = {
        "record_type": record_type,
        "action": request.get_full_path(),
        "back": asked.listing.address(cursor=asked.listing.cursor),
        "ids": ",".join(map(str, asked.ticked)),
        "chosen": chosen,
        "errors": errors,
        "scopes": asking.scopes(asked, chosen["scope"]),
        "formats": offered(record_type),
        "run_label": _("Export %(type)s") % {"type": record_type.plural},
    }
    page = template(request, "export/export.html", "export/_export.html")
    return render(request, page, context, status=422 if errors else 200)


def _file(run: ExportRun, response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Type"] = FORMATS[run.asked.format].content_type
    response["Content-Disposition"] = content_disposition_header(True, running.name_of(run))
    response["Cache-Control"] = "no-store"
    return response


def _own(request: HttpRequest, pk: int) -> ExportRun:
    return get_object_or_404(ExportRun.objects.select_related("job", "user"), pk=pk, user=reader(request))


def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the export is, and its file when it is done."""
    context = {"shown": Shown(_own(request, pk)), "kept_days": locale.active().number(KEPT.days)}
    return render(request, template(request, "export/run.html", "export/_run.html"), context)


def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, for whoever ordered it and may still export such records."""
    found = _own(request, pk)
    if not found.file or found.state != ExportRun.State.DONE:
        raise Http404
    _refuse_outsiders(request, registry.get(found.record_type))
    audit.note("export.fetched", about=subject(found), rows=found.count)
    return _file(found, FileResponse(found.file.open("rb")))


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """End the export; what has been written is thrown away."""
    found = _own(request, pk)
    if found.state == ExportRun.State.WAITING:
        approving.withdraw(pk)
    elif found.job and found.job.cancel():
        found.end(ExportRun.State.STOPPED, found.job.done_count)
    return redirect("export:run", pk)


def runs(request: HttpRequest) -> HttpResponse:
    """What this person has exported."""
    mine = ExportRun.objects.filter(user=reader(request))
    return _listed(request, mine, _("Your exports"))


@for_administrators
def everybody(request: HttpRequest) -> HttpResponse:
    """Who has exported what, and from where on an export is large."""
    setting = ExportSetting.current()
    form = SettingForm(request.POST if request.method == "POST" else None, instance=setting)
    if request.method == "POST" and form.is_valid():
        with audit.changing("settings.exports", setting):
            form.save()
        messages.success(request, _("The settings are saved."))
        return redirect("export:everybody")
    return _listed(request, ExportRun.objects.all(), _("Exports"), form=form)


def _listed(request: HttpRequest, found: Any, title: str, form: SettingForm | None = None) -> HttpResponse:
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < len(str(2**63)):
        found = found.filter(pk__lt=int(before))
    rows = list(found.select_related("user", "job").order_by("-pk")[: LISTED + 1])
    older = with_query(request.path, {"before": rows[LISTED - 1].pk}) if len(rows) > LISTED else ""
    context = {
        "title": title,
        "is_everybody": form is not None,
        "form": form,
        "runs": [Shown(one) for one in rows[:LISTED]],
        "older": older,
    }
    return render(request, "export/runs.html", context, status=422 if form and form.errors else 200)
