"""Erasing a person: what is known where, the question, the certificate, and everything as a file to hand over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import erasing as traces
from kariz.core import registry
from kariz.core.erasing import Held
from kariz.core.records import Invalid
from kariz.core.registry import RecordType
from kariz.features.privacy import certificates, erasing, kin, people
from kariz.features.privacy.erasing import Count, Order
from kariz.features.privacy.kin import Relative
from kariz.features.privacy.models import Erasure
from kariz.features.privacy.views.sections import sections
from kariz.web import toasts
from kariz.web.doors import for_administrators, reader, visible_or_404

LISTED = 200
AskedBy = Erasure.AskedBy
BY_PEOPLE = (AskedBy.PERSON, AskedBy.AUTHORITY, AskedBy.COMPANY)


@for_administrators
def erase(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """What is known, and how it shall go; posted with the tick, it is gone."""
    if not people.is_person(record_type):
        raise Http404
    record = visible_or_404(request, record_type, pk)
    relatives = kin.relatives(record_type, record)
    sent = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(sent.getlist("with"), relatives, is_asked="asked" in sent)
    listed = _listed(record_type, pk, chosen)
    if request.POST.get("do") == "erase":
        if request.POST.get("sure"):
            return _carry_out(request, record_type, pk, listed)
        messages.warning(request, _("Nothing was erased: tick the box first."))
    return render(
        request, "privacy/erase.html", _context(request, record_type, record, listed, relatives, chosen)
    )


def _chosen(keys: Iterable[str], relatives: list[Relative], *, is_asked: bool) -> set[str]:
    """The relatives that were ticked; before anybody was asked, the likely ones."""
    if not is_asked:
        return {one.key for one in relatives if one.is_likely}
    return set(keys) & {one.key for one in relatives}


def _listed(record_type: RecordType, pk: int, keys: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {record_type.name: [pk]}
    for key in sorted(keys):
        name, _colon, other = key.partition(":")
        found.setdefault(name, []).append(int(other))
    return found


def _context(
    request: HttpRequest,
    record_type: RecordType,
    record: Any,
    listed: dict[str, list[int]],
    relatives: list[Relative],
    chosen: set[str],
) -> dict[str, Any]:
    with transaction.atomic():
        who = erasing.person(listed)
        every = sum(len(ids) for ids in who.records.values())
        counts = [Count("records", _("Records"), every), *erasing.counts(who)]
    return {
        "record_type": record_type,
        "record": record,
        "title": record_type.all_fields[record_type.title].get(record),
        "relatives": [(one, one.key in chosen) for one in relatives],
        "counts": counts,
        "copies": [_copy(one.name, one.made_at, one.until) for one in traces.copies()],
        "asked_by": [(str(one), one.label) for one in BY_PEOPLE],
        "sent": request.POST,
        "query": "&".join(f"with={key}" for key in sorted(chosen)),
    }


def _copy(name: str, made_at: datetime, until: date | None) -> dict[str, str]:
    ours = locale.active()
    return {"name": name, "made_at": ours.moment(made_at), "until": ours.day(until) if until else ""}


def _carry_out(
    request: HttpRequest, record_type: RecordType, pk: int, listed: dict[str, list[int]]
) -> HttpResponse:
    asked_by = request.POST.get("asked_by", "")
    order = Order(
        records=listed,
        way=Erasure.Way.ERASED if request.POST.get("way") == Erasure.Way.ERASED else Erasure.Way.ANONYMISED,
        asked_by=asked_by if asked_by in BY_PEOPLE else AskedBy.PERSON,
        reference=request.POST.get("reference", "").replace("\x00", "").strip(),
    )
    try:
        made = erasing.carry_out(order, reader(request))
    except (Held, Invalid) as error:
        response = redirect("privacy:erase", record_type, pk)
        return toasts.tell(request, response, str(error), level=messages.WARNING)
    response = redirect("privacy:certificate", made.pk)
    return toasts.tell(request, response, _("It is done. This is the certificate."))


@for_administrators
def known(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """Everything that is known of the person, as one JSON file."""
    if not people.is_person(record_type):
        raise Http404
    record = visible_or_404(request, record_type, pk)
    relatives = kin.relatives(record_type, record)
    keys = _chosen(request.GET.getlist("with"), relatives, is_asked="asked" in request.GET)
    told = erasing.told(_listed(record_type, pk, keys))
    written = json.dumps(told, ensure_ascii=False, indent=1)
    name = f"{record_type.name}-{pk}.json"
    return HttpResponse(
        written,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@for_administrators
def erasures(request: HttpRequest) -> HttpResponse:
    """The certificates there are."""
    ours = locale.active()
    rows = [
        {"erasure": one, "at": ours.moment(one.at), "count": ours.number(one.record_count)}
        for one in Erasure.objects.select_related("user")[:LISTED]
    ]
    return render(request, "privacy/erasures.html", {"rows": rows, "sections": sections("erasures")})


@for_administrators
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate, ready to be printed."""
    found = get_object_or_404(Erasure.objects.select_related("user"), pk=pk)
    ours, told = locale.active(), found.told
    labels = {one.name: one.label for one in traces.places()}
    copies = [
        _copy(one["name"], datetime.fromisoformat(one["made_at"]), _day(one["until"]))
        for one in told["copies"]
    ]
    context = {
        "erasure": found,
        "at": ours.moment(found.at),
        "records": [_record(*one) for one in told["records"]],
        "places": [(labels.get(name, name), ours.number(count)) for name, count in told["places"].items()],
        "copies": copies,
        "last": _last(told["copies"]),
        "is_genuine": certificates.is_genuine(found),
    }
    return render(request, "privacy/certificate.html", context)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _last(copies: list[dict[str, Any]]) -> str:
    """The day after which no copy holds the person any more; empty where a copy stays until somebody deletes it."""
    days = [_day(one["until"]) for one in copies]
    known = [day for day in days if day]
    return locale.active().day(max(known)) if known and len(known) == len(days) else ""


def _record(name: str, pk: int, _created: str) -> str:
    try:
        label = str(registry.get(name).label)
    except KeyError:
        label = name
    return f"{label} #{pk}"


@for_administrators
def certificate_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate as JSON, with its digest."""
    found = get_object_or_404(Erasure, pk=pk)
    written = json.dumps({**found.told, "digest": found.digest}, ensure_ascii=False, indent=1)
    return HttpResponse(
        written,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="certificate-{found.number}.json"'},
    )
