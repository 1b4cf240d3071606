"""The administrators' pages of the audit log: search, one entry, a file of it, its state, and what is noted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz import audit, jobs
from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.audit.models import Entry
from kariz.core.fieldtypes.links import id_in
from kariz.core.registry import RecordType
from kariz.features.audit import asking, checking, files, viewed
from kariz.features.audit.forms import SettingForm
from kariz.features.audit.showing import Shown
from kariz.jobs.models import Job
from kariz.jobs.states import State
from kariz.web.doors import for_administrators, reader
from kariz.web.listing import with_query


@for_administrators
def log(request: HttpRequest) -> HttpResponse:
    """The entries that fit, newest first."""
    asked = asking.read(request.GET)
    found, after = asking.page(asked.entries(), request.GET.get("after", ""))
    given = {name: value for name, value in asked.given.items() if value}
    context = {
        "entries": [Shown(entry) for entry in found],
        "asked": asked,
        "given": given,
        "person": id_in(asked.given["user"]),
        "people": User.objects.order_by("name", "username"),
        "kinds": asking.options(),
        "older": with_query(request.path, given | {"after": after}) if after else "",
        "newest": with_query(request.path, given) if request.GET.get("after") else "",
        "state": _state(),
    }
    return render(request, "audit/log.html", context, status=422 if asked.problem else 200)


def _state() -> dict[str, Any]:
    """What the last verification came to, and whether one is under way."""
    last, running = checking.last(), (State.WAITING, State.RUNNING)
    return {
        "last": Shown(last) if last else None,
        "is_running": Job.objects.filter(name="verify_audit", state__in=running, every=None).exists(),
        "entries": locale.active().number(last.told["entries"]) if last else "",
    }


@for_administrators
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Entry, pk=pk)
    return render(request, "audit/entry.html", {"shown": Shown(found)})


@require_POST
@for_administrators
def verify(request: HttpRequest) -> HttpResponse:
    """Follow the chain at once, or by a job where it is long."""
    if checking.is_long():
        jobs.enqueue("verify_audit", user=reader(request), unique_key="verify audit")
        messages.success(request, _("The log is being verified. This page shows what it came to."))
    elif checking.verify().is_whole:
        messages.success(request, _("The log is whole: nothing was changed or taken away."))
    else:
        messages.error(request, _("The log is not what was written."))
    return redirect("audit:log")


@require_POST
@for_administrators
def export(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """The entries that fit as a file, which is noted."""
    if name not in files.FORMATS:
        raise Http404
    write, content_type = files.FORMATS[name]
    asked = asking.read(request.POST)
    with transaction.atomic():
        given = {part: value for part, value in asked.given.items() if value}
        audit.note("audit.exported", entries=asked.entries().count(), format=name, asked=given)
    response = StreamingHttpResponse(write(asked.entries().order_by("id")), content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(
        True, f"audit {locale.active().today():%Y-%m-%d}.{name}"
    )
    response["Cache-Control"] = "no-store"
    return response


@for_administrators
def settings(request: HttpRequest) -> HttpResponse:
    form = SettingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The settings are saved."))
        return redirect("audit:settings")
    return render(request, "audit/settings.html", {"form": form}, status=422 if form.errors else 200)


def inside(request: HttpRequest, record_type: RecordType, record: Any) -> str:
    """The tab of a record: who has seen it and taken it out."""
    found = Entry.objects.filter(asking.about(record_type.name, record.pk)).order_by("-at", "-id")
    listed, more = asking.page(found, "")
    context = {
        "entries": [Shown(one) for one in listed],
        "has_more": bool(more),
        "record_type": record_type,
        "record": record,
        "is_viewing_noted": record_type.name in viewed.rates(),
    }
    return render_to_string("audit/_record.html", context, request)
