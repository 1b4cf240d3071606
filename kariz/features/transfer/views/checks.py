"""What would happen, in numbers and samples; "Import" makes it happen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kariz.features.transfer import preparing, running
from kariz.features.transfer.models import Import
from kariz.features.transfer.outcomes import Tally
from kariz.features.transfer.plans import BadPlan
from kariz.features.transfer.views.steps import drafted, page, wait


@drafted
def check(request: HttpRequest, run: Import) -> HttpResponse:
    if request.method == "POST" and "again" not in request.POST:
        preparing.forget(run)
        running.start(run)
        return redirect("transfer:report", run.pk)
    try:
        waiting = wait(request, run, "check", preparing.CHECK)
    except BadPlan as error:
        messages.error(request, str(error))
        return redirect("transfer:columns", run.pk, run.files.all()[0].pk)
    if waiting:
        return waiting
    files = list(run.files.all())
    checked = [(file, Tally(**(file.checked or {}))) for file in files]
    total = sum(tally.created + tally.updated for _file, tally in checked)
    return page(request, "check", "check", run=run, checked=checked, total=total)
