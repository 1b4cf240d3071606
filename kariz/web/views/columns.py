"""Which columns a list shows, and in which order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kariz.core.registry import RecordType
from kariz.web import listing, navigation, saved
from kariz.web.doors import for_readers
from kariz.web.listing import Listing


@for_readers
def columns(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The chooser; posted, the list with what was chosen, kept in the view or for the person where he asks so."""
    asked = listing.read(request, record_type)
    if request.method == "POST":
        return _choose(request, asked)
    shown = asked.columns[1:]
    rest = [field for field in record_type.fields.values() if field not in asked.columns]
    context = {
        "fields": [(field, True) for field in shown] + [(field, False) for field in rest],
        "action": asked.address("columns"),
        "may_change_view": saved.may_change(asked.view, asked.user),
    }
    return render(request, "web/_columns.html", context)


def _choose(request: HttpRequest, asked: Listing) -> HttpResponse:
    fields = asked.record_type.fields
    names = [name for name in request.POST.getlist("columns") if name in fields]
    if not request.POST.get("keep"):
        return navigation.go(request, asked.address(columns=",".join(names) or asked.record_type.title))
    if saved.may_change(asked.view, asked.user):
        asked.view.columns = names
        asked.view.save(update_fields=["columns"])
        saved.use(asked.view, asked.user, columns=[])
    else:
        saved.use(asked.view, asked.user, columns=names)
    return navigation.go(request, asked.address(columns=""))
