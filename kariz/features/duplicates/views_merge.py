"""Merging on the screen: choosing what to merge, seeing it side by side, and many groups at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import locale
from kariz.core import duplicates, merging, records
from kariz.core.drafts import stored_values
from kariz.core.merging import MOST, Outdated
from kariz.core.records import Forbidden, Invalid
from kariz.core.registry import RecordType
from kariz.features.duplicates.merge_page import MergePage
from kariz.web import inputs, listing, navigation, toasts
from kariz.web.doors import for_readers, onward, reader, visible_or_404

SUGGESTED = 8


@for_readers
def merge(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The records side by side; posted with `merge`, they become one. A list posts the ids that are ticked."""
    if request.method == "POST" and "merge" not in request.POST:
        return _open(request, record_type)
    sent = request.POST if request.method == "POST" else request.GET
    ids = inputs.ticked(sent)
    found = _found(request, record_type, ids)
    if not 2 <= len(found) <= MOST:
        return _miscounted(request, record_type)
    page = MergePage(record_type, found, reader(request), sent)
    if request.method != "POST":
        return _shown(request, page)
    primary, others, told = page.primary, page.others, _told(page)
    try:
        if len(found) < len(ids):
            raise Outdated(_("Somebody has deleted or merged one of these records meanwhile."))
        batch = merging.merge(
            record_type,
            primary.pk,
            [one.pk for one in others],
            user=page.user,
            take={} if page.is_locked else page.take,
            versions=page.versions,
        )
    except Outdated as error:
        text = _("%(reason)s Look at the values again.") % {"reason": error}
        return _shown(request, MergePage(record_type, found, page.user, sent), text, status=409)
    except (Invalid, Forbidden) as error:
        return _shown(request, page, merging.reason(error), status=422)
    response = redirect(_back(request)) if _back(request) else onward(request, primary)
    return toasts.tell(request, response, told, batch=batch)


def _told(page: MergePage) -> str:
    count = len(page.others)
    text = ngettext(
        "%(n)s record was merged into “%(title)s”.", "%(n)s records were merged into “%(title)s”.", count
    )
    told = text % {"n": locale.active().number(count), "title": page.title}
    opened = _("“%(field)s” is empty now: what it named led back to “%(title)s”.")
    return " ".join([told, *(opened % {"field": name, "title": page.title} for name in page.circles)])


def _open(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """From the bar below a list to the page; more than fit side by side are refused."""
    if request.POST.get("all"):
        found = listing.read(request, record_type).records().order_by()
        ids = list(found.values_list("pk", flat=True)[: MOST + 1])
    else:
        ids = inputs.ticked(request.POST)
    if not 2 <= len(ids) <= MOST:
        return _miscounted(request, record_type)
    there = merge_url(record_type, ids)
    # A page of its own, whole: the dialog that would have asked is left together with the list.
    return (
        HttpResponse(headers={"HX-Redirect": there}) if navigation.is_fragment(request) else redirect(there)
    )


def merge_url(record_type: RecordType, ids: Sequence[int]) -> str:
    """The page on which these records are merged."""
    address = reverse("duplicates:merge", args=[record_type])
    return listing.with_query(address, {"ids": ",".join(map(str, ids))})


def _found(request: HttpRequest, record_type: RecordType, ids: Sequence[int]) -> list[Any]:
    """The records that the person sees, in the order asked for."""
    known = records.visible(record_type, reader(request)).filter(pk__in=ids[: MOST + 1]).in_bulk()
    return [known[pk] for pk in ids if pk in known]


def _miscounted(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    most = locale.active().number(MOST)
    context = {
        "record_type": record_type,
        "text": _("Tick two to %(most)s records in the list, then merge them.") % {"most": most},
    }
    name = navigation.template(request, "duplicates/merge_count.html", "duplicates/_merge_count.html")
    # A dialog is shown whatever it says, a page of its own says that there is nothing to be seen.
    return render(request, name, context, status=200 if navigation.is_fragment(request) else 422)


def _shown(request: HttpRequest, page: MergePage, error: str = "", status: int = 200) -> HttpResponse:
    context = {"page": page, "error": error, "back": _back(request)}
    return render(request, "duplicates/merge.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """The page of ours to go to afterwards, where the person came from one."""
    back = (request.POST if request.method == "POST" else request.GET).get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""


@for_readers
def merge_with(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """What to merge a record with: those that may be the same, or any that is found by its name."""
    record = visible_or_404(request, record_type, pk)
    chosen = [one for one in inputs.ticked(request.GET) if one != pk]
    if 1 <= len(chosen) < MOST:
        return redirect(merge_url(record_type, [pk, *chosen]))
    if chosen:
        most = locale.active().number(MOST - 1)
        messages.warning(request, _("Choose %(most)s records at most.") % {"most": most})
    elif request.GET:
        messages.warning(request, _("Choose a record from the suggestions."))
    values = stored_values(record_type, record)
    alike = duplicates.find(
        record_type, values, reader(request), record=record, types=[record_type.name], hints=True
    )
    context = {
        "record_type": record_type,
        "record": record,
        "title": merging.title(record_type, record),
        "alike": alike[:SUGGESTED],
        "most": locale.active().number(MOST - 1),
    }
    return render(request, "duplicates/merge_with.html", context)


urlpatterns = [
    path("<rt:record_type>/merge/", merge, name="merge"),
    path("<rt:record_type>/<int:pk>/merge/", merge_with, name="merge_with"),
]
