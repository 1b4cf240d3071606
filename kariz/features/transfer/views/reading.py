"""How a file was read, for people to correct: its encoding, what separates its columns, its sheet, its header."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kariz.features.transfer import preparing
from kariz.features.transfer.models import Import
from kariz.features.transfer.plans import Step
from kariz.features.transfer.sources import Source, Unreadable, recognise
from kariz.features.transfer.views.steps import drafted

ENCODINGS = ("utf-8", "utf-16", "windows-1254", "windows-1256", "iso-8859-9", "windows-1252")
DELIMITERS = {
    ",": _("Comma"),
    ";": _("Semicolon"),
    "\t": _("Tab character"),
    "|": _("Vertical bar"),
}


def described(source: Source) -> dict[str, Any]:
    """How the file was read, for people to correct."""
    return {
        "source": source,
        "encodings": ENCODINGS,
        "delimiters": list(DELIMITERS.items()),
        "has_header": source.has_header,
    }


@require_POST
@drafted
def reread(request: HttpRequest, run: Import, file_pk: int) -> HttpResponse:
    """Read the file again as the person says that it is written."""
    file = get_object_or_404(run.files, pk=file_pk)
    try:
        source = recognise(
            file.path,
            encoding=request.POST.get("encoding", "") if request.POST.get("encoding") in ENCODINGS else "",
            delimiter=request.POST.get("delimiter", "")
            if request.POST.get("delimiter") in DELIMITERS
            else "",
            sheet=request.POST.get("sheet", ""),
            has_header="has_header" in request.POST,
        )
        file.be_read_as(source)
    except Unreadable as error:
        messages.error(request, str(error))
    else:
        file.plan = Step(file.plan["type"], file=file.name).as_json()
        file.save()
        preparing.forget(run, preparing.SURVEY, preparing.CHECK)
    return redirect("transfer:columns", run.pk, file.pk)
