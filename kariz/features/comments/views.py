"""The Comments tab of a record, and one comment on many records."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from kariz.accounts import locale
from kariz.core import registry
from kariz.core.records import Invalid
from kariz.core.registry import RecordType
from kariz.features.comments.models import Comment
from kariz.features.comments.writing import comment
from kariz.web import inputs, listing, toasts
from kariz.web.doors import for_readers, reader, visible_or_404
from kariz.web.navigation import template

MOST_SHOWN = 200
MOST_AT_ONCE = 10_000


def inside(request: HttpRequest, record_type: RecordType, record: Any, **context: Any) -> str:
    """The inside of the tab: a composer and what was said, newest first."""
    said = Comment.objects.filter(record_type=record_type.name, record_id=record.pk).select_related("author")
    ours = locale.active()
    comments = [
        {"said": one, "ago": ours.ago(one.created_at), "exact": ours.moment(one.created_at)}
        for one in said[:MOST_SHOWN]
    ]
    context |= {"record_type": record_type, "record": record, "comments": comments}
    return render_to_string("comments/_comments.html", context, request)


@for_readers
def add(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """Write one comment; the answer is the tab again, or the record's page without JavaScript."""
    record = visible_or_404(request, record_type, pk)
    page = f"{reverse('web:record', args=[record_type, pk])}?tab=comments"
    if request.method != "POST":
        return redirect(page)
    text = request.POST.get("text", "")
    try:
        batch, _count = comment(record_type, [pk], text, reader(request))
    except Invalid as error:
        again = inside(request, record_type, record, errors=error.errors["text"], text=text)
        return HttpResponse(again, status=422)
    response = HttpResponse(inside(request, record_type, record)) if _is_htmx(request) else redirect(page)
    return toasts.tell(request, response, _("The comment was added."), batch=batch)


def _is_htmx(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Authors take their own comments back."""
    found = get_object_or_404(Comment, pk=pk, author=reader(request))
    record_type = registry.get(found.record_type)
    record = visible_or_404(request, record_type, found.record_id)
    found.delete()
    if _is_htmx(request):
        return HttpResponse(inside(request, record_type, record))
    return redirect(f"{reverse('web:record', args=[record_type, record.pk])}?tab=comments")


@for_readers
def bulk(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Ask for a comment on the ticked records, or on all of a list, and write it."""
    ids = _ids(request, record_type)
    context = {"record_type": record_type, "ids": ids, "text": request.POST.get("text", "")}
    if "text" not in request.POST:
        return render(request, template(request, "comments/bulk.html", "comments/_bulk.html"), context)
    try:
        batch, count = comment(record_type, ids, request.POST["text"], reader(request))
    except Invalid as error:
        context["errors"] = error.errors["text"]
        return render(
            request, template(request, "comments/bulk.html", "comments/_bulk.html"), context, status=422
        )
    told = ngettext(
        "The comment was added to %(n)s record.", "The comment was added to %(n)s records.", count
    )
    told %= {"n": locale.active().number(count)}
    if "HX-Request" not in request.headers:
        return toasts.tell(request, redirect("web:list", record_type), told, batch=batch)
    response = HttpResponse()
    trigger_client_event(response, "closeDialog")
    trigger_client_event(response, "clearTicks")
    return toasts.tell(request, response, told, batch=batch)


def _ids(request: HttpRequest, record_type: RecordType) -> list[int]:
    """Those ticked, or the first of all that the list holds."""
    if request.POST.get("all"):
        found = listing.read(request, record_type).records().order_by()
        return list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return inputs.ticked(request.POST)
