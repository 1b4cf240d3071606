"""Sharing records by hand: one from its page, several from a list, and taking it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from kariz.accounts import locale
from kariz.core import access, records, sharing
from kariz.core.access import Forbidden
from kariz.core.grants import Level, Share
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType
from kariz.features.rights import pages
from kariz.features.rights.terms import ShareForm, last_day
from kariz.web import bulk, inputs, listing, navigation, toasts
from kariz.web.bulk import Outcome
from kariz.web.doors import for_readers, reader, visible_or_404

MOST_AT_ONCE = 10_000


@for_readers
def share(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """With whom a record is shared, and sharing it with one more."""
    record = _sharable_or_403(request, record_type, pk)
    form = ShareForm(pages.sent(request), me=reader(request))
    held = sharing.of(record_type, record)
    if request.method == "POST" and form.is_valid() and _may_replace(form, held):
        whom = form.cleaned_data["to"]
        batch = sharing.share(record_type, [record], [whom], form.terms, by=reader(request))
        told = _("Shared with %(whom)s.") % {"whom": whom}
        return toasts.tell(request, redirect(request.path), told, batch=batch)
    context = {
        "form": form,
        "record_type": record_type,
        "record": record,
        "title": bulk.title(record_type, record),
        "shares": [_row(one) for one in held],
    }
    return render(request, "rights/share.html", context, status=422 if form.errors else 200)


def _sharable_or_403(request: HttpRequest, record_type: RecordType, pk: int) -> Any:
    record = visible_or_404(request, record_type, pk)
    if not access.may_write(record_type, reader(request), record):
        raise Forbidden(_("You may not share this record."))
    return record


def _may_replace(form: ShareForm, held: list[Share]) -> bool:
    """What was handed over is not made a mere share."""
    whom = form.cleaned_data["to"]
    if any(one.kind == Share.Kind.HANDED and one.user == whom for one in held):
        form.add_error("to", _("It was handed over to %(whom)s and is theirs already.") % {"whom": whom})
        return False
    return True


def _row(one: Share) -> dict[str, Any]:
    ours = locale.active()
    return {
        "share": one,
        "whom": one.user or one.team or one.role,
        "icon": "user" if one.user_id else "users" if one.team_id else "workflow",
        "since": ours.ago(one.at),
        "exact": ours.moment(one.at),
        "until": last_day(one.until),
        "is_over": one.until is not None and one.until <= timezone.now(),
        "is_write": one.level == Level.WRITE,
        "is_handed": one.kind == Share.Kind.HANDED,
    }


@require_POST
@for_readers
def take_back(request: HttpRequest, record_type: RecordType, pk: int, share_pk: int) -> HttpResponse:
    record = _sharable_or_403(request, record_type, pk)
    found = Share.objects.exclude(kind=Share.Kind.HANDED)
    one = get_object_or_404(found, pk=share_pk, record_type=record_type.name, record_id=pk)
    whom = one.user or one.team or one.role
    batch = sharing.unshare(record_type, [record], [whom] if whom else [], by=reader(request))
    there = redirect(reverse("rights:share", args=[record_type, pk]))
    return toasts.tell(request, there, _("No longer shared with %(whom)s.") % {"whom": whom}, batch=batch)


@for_readers
def share_many(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Ask with whom the ticked records are shared, or all of a list, and share those that one may change."""
    ids = _ids(request, record_type)
    form = ShareForm(request.POST if "to" in request.POST else None, me=reader(request))
    if form.is_bound and ids and form.is_valid():
        return _shared(request, record_type, ids, form)
    context = {"record_type": record_type, "ids": ids, "form": form}
    template = navigation.template(request, "rights/share_many.html", "rights/_share_many.html")
    return render(request, template, context, status=422 if form.errors else 200)


def _ids(request: HttpRequest, record_type: RecordType) -> list[int]:
    """Those ticked, or the first of all that the list holds."""
    if request.POST.get("all"):
        found = listing.read(request, record_type).records().order_by()
        return list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return inputs.ticked(request.POST)


def _shared(request: HttpRequest, record_type: RecordType, ids: list[int], form: ShareForm) -> HttpResponse:
    found = list(records.visible(record_type, reader(request)).filter(pk__in=ids))
    outcome = Outcome(0)
    mine = bulk.allowed(record_type, reader(request), found, outcome)
    batch: ChangeBatch | None = None
    if mine:
        whom = form.cleaned_data["to"]
        batch = sharing.share(record_type, mine, [whom], form.terms, by=reader(request))
    told = _told(len(mine), outcome.left_count)
    if not navigation.is_fragment(request):
        return toasts.tell(request, redirect("web:list", record_type), told, batch=batch)
    response = HttpResponse()
    trigger_client_event(response, "closeDialog")
    trigger_client_event(response, "clearTicks")
    return toasts.tell(request, response, told, batch=batch)


def _told(done: int, left: int) -> str:
    ours = locale.active()
    told = ngettext("%(n)s record is shared.", "%(n)s records are shared.", done) % {"n": ours.number(done)}
    if not left:
        return told
    kept = ngettext(
        "%(n)s record was left alone: you may not change it.",
        "%(n)s records were left alone: you may not change them.",
        left,
    )
    return f"{told} {kept % {'n': ours.number(left)}}"
