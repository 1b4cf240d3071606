"""The tabs of a record page: its values, what features add, related lists with linking, and the history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from kariz.core import access, changes, forwards, links
from kariz.core.fieldtypes.links import id_in
from kariz.core.records import Invalid
from kariz.core.registry import RecordType
from kariz.core.related import Relation, listed
from kariz.web import cells, history, related, slots, toasts
from kariz.web.doors import for_readers, visible_or_404
from kariz.web.record_page import RecordPage


@for_readers
def tab(request: HttpRequest, record_type: RecordType, pk: int, name: str) -> HttpResponse:
    """The inside of one tab. Posted, a related list links or lets go a record first."""
    record = visible_or_404(request, record_type, pk)
    page = RecordPage(request, record_type, record, name)
    if request.method == "POST":
        return _link(request, page)
    if "HX-Request" not in request.headers:
        return redirect(f"{page.url}?tab={name}")
    return HttpResponse(inside(request, page))


def inside(request: HttpRequest, page: RecordPage) -> str:
    """The HTML of the tab that `page` is on. Raises `Http404` for a tab that is not there."""
    if page.tab == "details":
        return render_to_string("web/_details.html", {"page": page}, request)
    if page.tab == "updates":
        return _updates(request, page)
    for added in slots.tabs(page.record_type, request):
        if added.name == page.tab:
            return added.render(request, page.record_type, page.record)
    return _related(request, page, _relation(page))


def _relation(page: RecordPage) -> Relation:
    found = next((one for one in page.relations if one.name == page.tab), None)
    if found is None:
        raise Http404
    return found


def _updates(request: HttpRequest, page: RecordPage) -> str:
    absorbed = forwards.absorbed(page.record_type, page.record.pk)
    found = changes.history(page.record_type, page.record.pk, absorbed)
    shown = history.page(found, request.GET.get("before", ""))
    currency = getattr(page.record, "currency", "")
    context = {
        "events": history.events(shown.changes, page.user, currency=currency, absorbed=absorbed),
        "older": shown.older,
        "page": page,
    }
    return render_to_string("web/_events.html", context, request)


def _related(request: HttpRequest, page: RecordPage, relation: Relation) -> str:
    """A short list with the columns of its type; one more row is read to know whether there are more."""
    found = list(listed(relation, page.record, page.user)[: related.SHOWN + 1])
    columns, rows = relation.columns, found[: related.SHOWN]
    links.load(relation.record_type, rows, [field.name for field in columns])
    names = links.names(columns, rows, page.user)
    painters = [(field, cells.painter(field, names)) for field in columns[1:]]
    title = columns[0]
    context = {
        "page": page,
        "relation": relation,
        "columns": columns,
        "rows": [
            {
                "record": row,
                "title": title.show(title.get(row)),
                "cells": [(field, paint(row)) for field, paint in painters],
            }
            for row in rows
        ],
        "has_more": len(found) > related.SHOWN,
        "all_url": related.all_url(relation, page.record),
        "add_query": related.add_query(relation, page.record),
        "may_add": relation.is_ours_to_fill and access.may(relation.record_type, page.user, "create"),
        "may_link": relation.holds_several and page.may_write,
        "lookup_url": related.lookup_url(relation),
    }
    return render_to_string("web/_related.html", context, request)


def _link(request: HttpRequest, page: RecordPage) -> HttpResponse:
    """Link a record that is there (`link`), or let one go (`unlink`)."""
    relation = _relation(page)
    wanted = id_in(request.POST.get("link", "") or request.POST.get("unlink", ""))
    is_on = "link" in request.POST
    if not relation.holds_several or wanted is None:
        return _told(request, page, _("Choose a record from the suggestions."), level=messages.WARNING)
    try:
        batch = related.link(relation, page.record, wanted, page.user, on=is_on)
    except Invalid as error:
        text = " ".join(message for found in error.errors.values() for message in found)
        return _told(request, page, text, level=messages.WARNING)
    except ObjectDoesNotExist:
        raise Http404 from None
    return _told(request, page, _("Linked.") if is_on else _("No longer linked."), batch=batch)


def _told(request: HttpRequest, page: RecordPage, text: str, **how: Any) -> HttpResponse:
    """The tab and the head fetch themselves anew; without scripts the page does."""
    if "HX-Request" not in request.headers:
        return toasts.tell(request, redirect(f"{page.url}?tab={page.tab}"), text, **how)
    response = HttpResponse(headers={"HX-Reswap": "none"})
    trigger_client_event(response, "recordChanged", {"type": page.record_type.name, "id": page.record.pk})
    return toasts.tell(request, response, text, **how)
