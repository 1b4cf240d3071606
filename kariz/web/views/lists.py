"""The list of a record type, page and fragment alike; its exact count; the builder of its filter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import locale
from kariz.core import conditions, paging
from kariz.core.registry import RecordType
from kariz.web import filters, frame, listing, navigation, table
from kariz.web.doors import for_readers, reader
from kariz.web.listing import Listing


@for_readers
def record_list(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    asked = listing.read(request, record_type)
    shown = table.table(asked)
    is_found = navigation.is_fragment(request) and request.headers.get("HX-Target") == "records"
    context = frame.context(request, asked, "list") | {
        "table": shown,
        "count": _count(shown),
        "next_url": asked.address(cursor=shown.page.next) if shown.page.next else "",
        "previous_url": asked.address(cursor=shown.page.previous) if shown.page.previous else "",
        "oob": is_found,
    }
    fragment = "web/_records.html" if is_found else "web/_list.html"
    return render(request, navigation.template(request, "web/list.html", fragment), context)


def _count(shown: table.Table) -> str:
    """How many there are, as far as the page itself tells; the rest is counted when the page is there."""
    if shown.page.next or shown.page.previous:
        return _or_more(len(shown.rows))
    return counted(len(shown.rows))


def counted(number: int) -> str:
    words = ngettext("%(number)s record", "%(number)s records", number)
    return words % {"number": locale.active().number(number)}


def _or_more(number: int) -> str:
    return _("%(number)s+ records") % {"number": locale.active().number(number)}


@for_readers
def count(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """How many there are: as far as it is cheap to know, or, with `exact`, whatever it takes."""
    asked = listing.read(request, record_type)
    if "exact" in request.GET:
        return HttpResponse(counted(asked.records().order_by().count()))
    number, is_capped = paging.capped_count(asked.records())
    context = {
        "count": _or_more(number) if is_capped else counted(number),
        "exact_url": asked.address("count", exact="1") if is_capped else "",
    }
    return render(request, "web/_count.html", context)


@for_readers
def condition(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The builder of the filter; one row of it, for a field and an operator; or, posted, the list it asks for."""
    if request.method == "POST":
        return _apply(request, record_type)
    if "field" in request.GET:
        return _row(request, record_type)
    asked = listing.read(request, record_type)
    return _builder(request, asked, filters.built(record_type, asked.where), asked.where)


def _row(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    name, operator = request.GET["field"], request.GET.get("operator", "")
    # Another operator keeps what was typed; another field cannot.
    typed = request.GET.getlist("typed") if request.headers.get("HX-Trigger-Name") == "operator" else []
    context = {
        "row": filters.row(record_type, name, operator, typed),
        "record_type": record_type,
        "fields": list(conditions.askable(record_type).values()),
        "names": filters.named(record_type, [name, operator, *typed], reader(request)),
    }
    return render(request, "web/_condition.html", context)


def _apply(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    asked = listing.read(request, record_type)
    typed = _tree(request.POST.get("filter", ""))
    where, group = filters.parsed(record_type, typed)
    if group.has_errors:
        return _builder(request, asked, group, typed, status=422)
    page = "board" if request.GET.get("page") == "board" else "list"
    return navigation.go(request, asked.address(page, where=listing.written(where)))


def _tree(text: str) -> object:
    try:
        return listing.tree(text) if text else None
    except ValueError:
        return None


def _builder(
    request: HttpRequest, asked: Listing, group: filters.Group, where: object, status: int = 200
) -> HttpResponse:
    record_type = asked.record_type
    if not group.parts:
        group.parts.append(filters.row(record_type))
    context = {
        "record_type": record_type,
        "fields": list(conditions.askable(record_type).values()),
        "group": group,
        "names": filters.named(record_type, where, asked.user),
        "new": filters.row(record_type),
        "new_group": filters.Group("any", []),
        "action": asked.address("condition", page=request.GET.get("page", "")),
    }
    return render(request, "web/_filter.html", context, status=status)
