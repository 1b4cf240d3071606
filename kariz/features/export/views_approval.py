"""The page on which an administrator decides on somebody's large export."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kariz.core.access import Forbidden
from kariz.features.export import approving
from kariz.features.export.models import ExportRun
from kariz.features.export.showing import Shown
from kariz.web.doors import for_administrators, reader

LONGEST_REASON = 500


@for_administrators
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Who wants what; posted, it is approved, or refused with a reason."""
    run = get_object_or_404(ExportRun.objects.select_related("user", "job", "decided_by"), pk=pk)
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    is_refused = request.POST.get("do") == "refuse"
    error = _("Say why: whoever asked reads it.") if is_refused and not reason else ""
    if request.method == "POST" and not error and request.POST.get("do") in ("approve", "refuse"):
        return _decided(request, run, reason, is_refused=is_refused)
    context = {"shown": Shown(run), "may_decide": approving.may_decide(run, reader(request)), "error": error}
    return render(request, "export/decide.html", context, status=422 if error else 200)


def _decided(request: HttpRequest, run: ExportRun, reason: str, *, is_refused: bool) -> HttpResponse:
    try:
        if is_refused:
            approving.refuse(run.pk, reader(request), reason)
            messages.success(request, _("The export is refused. Whoever asked is told why."))
        else:
            approving.approve(run.pk, reader(request))
            messages.success(request, _("The export is approved. Whoever asked gets the file."))
    except Forbidden as refused:
        messages.warning(request, str(refused))
    return redirect("export:everybody")
