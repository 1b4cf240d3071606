"""The page of one record, its side panel, and what can be done to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from kariz.core import actions, changes, forwards, records, registry, viewing
from kariz.core.models import ChangeBatch, Record
from kariz.core.records import Invalid
from kariz.core.registry import RecordType
from kariz.web import toasts, visits
from kariz.web.doors import for_readers, reader, visible_or_404
from kariz.web.listing import record_address
from kariz.web.record_page import RecordPage
from kariz.web.views import tabs


@for_readers
def record_page(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """The whole page, or only its head after something has changed. What was merged is found where it went."""
    try:
        record = visible_or_404(request, record_type, pk)
    except Http404:
        return redirect("web:record", record_type, _merged_into(request, record_type, pk))
    visits.remember(request, record_type, pk)
    page = RecordPage(request, record_type, record, request.GET.get("tab", "details"))
    if request.headers.get("HX-Target") == "record-head":
        return render(request, "web/_record_head.html", {"page": page})
    viewing.tell(record_type, [record], page.user)
    return render(request, "web/record.html", {"page": page, "inside": tabs.inside(request, page)})


def _merged_into(request: HttpRequest, record_type: RecordType, pk: int) -> int:
    """The visible record that this one has become part of. Raises `Http404`."""
    now = forwards.now(record_type, pk)
    if now is None or not records.visible(record_type, reader(request)).filter(pk=now).exists():
        raise Http404
    return now


@for_readers
def panel(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """The record beside the list it came from."""
    record = visible_or_404(request, record_type, pk)
    page = RecordPage(request, record_type, record)
    if "HX-Request" not in request.headers:
        return redirect(page.url)
    viewing.tell(record_type, [record], page.user)
    return render(request, "web/_panel.html", {"page": page})


@require_POST
@for_readers
def delete(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """Delete, and go to the list; the toast there takes it back."""
    record = visible_or_404(request, record_type, pk)
    title = record_type.all_fields[record_type.title].get(record)
    try:
        batch = records.delete(record_type, [record], user=reader(request))
    except Invalid as error:
        return _refused(request, record_type, pk, error)
    there = reverse("web:list", args=[record_type])
    is_fragment = "HX-Request" in request.headers
    response = HttpResponse(headers={"HX-Redirect": there}) if is_fragment else redirect(there)
    return toasts.tell(request, response, _("“%(title)s” was deleted.") % {"title": title}, batch=batch)


def _refused(request: HttpRequest, record_type: RecordType, pk: int, error: Invalid) -> HttpResponse:
    text = " ".join(message for found in error.errors.values() for message in found)
    is_fragment = "HX-Request" in request.headers
    response = (
        HttpResponse(headers={"HX-Reswap": "none"})
        if is_fragment
        else redirect("web:record", record_type, pk)
    )
    return toasts.tell(request, response, text, level=messages.WARNING)


@require_POST
@for_readers
def pin(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """Pin the record to the sidebar, or take it off."""
    record = visible_or_404(request, record_type, pk)
    visits.pin(request, record_type, pk, on=request.POST.get("on") == "1")
    if "HX-Request" not in request.headers:
        return redirect("web:record", record_type, pk)
    page = RecordPage(request, record_type, record)
    return render(request, "web/_pinned.html", {"page": page})


@require_POST
@for_readers
def run(request: HttpRequest, record_type: RecordType, pk: int, name: str) -> HttpResponse:
    """Do one of the record's actions; one that asks for more is sent to its own page."""
    record = visible_or_404(request, record_type, pk)
    page = RecordPage(request, record_type, record)
    action = next((one for one in page.actions if one.name == name), None)
    if action is None:
        raise Http404
    if action.page:
        return redirect(action.page, record_type, pk)
    started = timezone.now()
    try:
        made = actions.run(name, record_type, record, user=page.user)
    except Invalid as error:
        return _refused(request, record_type, pk, error)
    is_fragment = "HX-Request" in request.headers
    response: Any = HttpResponse(headers={"HX-Reswap": "none"}) if is_fragment else redirect(page.url)
    if is_fragment:
        trigger_client_event(response, "recordChanged", {"type": record_type.name, "id": pk})
    return toasts.tell(
        request,
        response,
        _("Done: %(action)s") % {"action": action.label},
        batch=_batch_since(started, page),
        opens=_address_of(made) if made != record else "",
    )


def _batch_since(started: datetime, page: RecordPage) -> ChangeBatch | None:
    """The batch in which an action has just changed the record, so that it can be undone."""
    newest = changes.history(page.record_type, page.record.pk).filter(at__gte=started).first()
    return newest.batch if newest and changes.may_undo(newest.batch, page.user) else None


def _address_of(made: Any) -> str:
    """The page of the record that an action has made."""
    return record_address(registry.of(made).name, made.pk) if isinstance(made, Record) else ""
