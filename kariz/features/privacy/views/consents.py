"""The Consent tab of a record, and one word about many records."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import trigger_client_event

from kariz import jobs
from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import access, records
from kariz.core.models import ChangeBatch
from kariz.core.records import Invalid
from kariz.core.registry import RecordType
from kariz.features.privacy import asking, channels, consent, marking
from kariz.features.privacy.asking import Asked
from kariz.features.privacy.models import Consent
from kariz.web import bulk as changing
from kariz.web import inputs, listing, toasts
from kariz.web.bulk import Order, Outcome
from kariz.web.doors import for_readers, reader, visible_or_404
from kariz.web.navigation import is_fragment, template

MOST_SHOWN = 200
WORK = "record_consent"
LOOK = {key: (label, colour) for key, label, colour in marking.STATES}
ICONS = {"given": "check", "withdrawn": "ban", "refused": "ban", "unknown": "circle-help"}


@dataclass(frozen=True)
class Current:
    """What counts now for one channel."""

    key: str
    label: str
    state: str
    colour: str
    since: str
    until: str
    proof: str
    is_given: bool


@dataclass(frozen=True)
class Said:
    """One row of the history."""

    row: Consent
    channel: str
    state: str
    colour: str
    icon: str
    at: str
    until: str


def inside(request: HttpRequest, record_type: RecordType, record: Any, asked: Asked | None = None) -> str:
    """What counts now, the form, and everything that was ever said, newest first."""
    rows = list(_rows(record_type, record).select_related("user")[:MOST_SHOWN])
    context = {
        "record_type": record_type,
        "record": record,
        "current": list(_current(record_type, record)),
        "history": [_said(row) for row in rows],
        "asked": asked or asking.blank(),
        "may_write": access.may_write(record_type, reader(request), record),
    }
    return render_to_string("privacy/_consents.html", context, request)


def count(request: HttpRequest, record_type: RecordType, record: Any) -> int:
    return _rows(record_type, record).count()


def _rows(record_type: RecordType, record: Any) -> QuerySet[Consent]:
    return Consent.objects.filter(record_type=record_type.name, record_id=record.pk)


def _current(record_type: RecordType, record: Any) -> Any:
    said = consent.newest(record_type, [record.pk]).get(record.pk, {})
    ours = locale.active()
    for channel in channels.every():
        row = said.get(channel.key)
        if channel.is_hidden and row is None:
            continue
        state = consent.state(record, row, channel.key)
        label, colour = LOOK["lapsed" if row and consent.is_lapsed(row) else state]
        yield Current(
            key=channel.key,
            label=str(channel),
            state=_(label),
            colour=colour,
            since=ours.day(row.at.astimezone(ours.tz).date()) if row else "",
            until=ours.day(row.valid_until) if row and row.valid_until else "",
            proof=row.get_source_display() if row else "",
            is_given=state == consent.State.GIVEN,
        )


def _said(row: Consent) -> Said:
    ours = locale.active()
    label, colour = LOOK[row.state]
    until = ours.day(row.valid_until) if row.valid_until else ""
    return Said(
        row, channels.label(row.channel), _(label), colour, ICONS[row.state], ours.moment(row.at), until
    )


@for_readers
def add(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """Record one word; the answer is the tab again, or the record's page without JavaScript."""
    record = visible_or_404(request, record_type, pk)
    page = f"{reverse('web:record', args=[record_type, pk])}?tab=consent"
    if request.method != "POST":
        return redirect(page)
    typed = asking.typed(request.POST)
    try:
        consent.record(record_type, [pk], asking.read(typed), reader(request))
    except Invalid as error:
        again = inside(request, record_type, record, Asked(typed, error.errors))
        return HttpResponse(again, status=422)
    record = visible_or_404(request, record_type, pk)
    if not is_fragment(request):
        return toasts.tell(request, redirect(page), _("The consent was recorded."))
    response = HttpResponse(inside(request, record_type, record))
    trigger_client_event(response, "recordChanged", {"type": record_type.name, "id": pk})
    return toasts.tell(request, response, _("The consent was recorded."))


@for_readers
def bulk(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Ask for one word about the ticked records, or all of a list, and record it for those one may change."""
    ids = _ids(request, record_type)
    typed = asking.typed(request.POST)
    is_sent = "channel" in request.POST
    context = {"record_type": record_type, "ids": ids}
    context["asked"] = Asked(typed) if is_sent else asking.blank()
    context["is_all"] = bool(request.POST.get("all"))
    page = template(request, "privacy/bulk.html", "privacy/_bulk.html")
    if not is_sent:
        return render(request, page, context)
    try:
        consent.check(asking.read(typed))
    except Invalid as error:
        context["asked"] = Asked(typed, error.errors)
        return render(request, page, context, status=422)
    told = _record(record_type, ids, typed, reader(request))
    if not is_fragment(request):
        return toasts.tell(request, redirect("web:list", record_type), told)
    response = HttpResponse()
    trigger_client_event(response, "closeDialog")
    trigger_client_event(response, "clearTicks")
    return toasts.tell(request, response, told)


def _record(record_type: RecordType, ids: list[int], typed: dict[str, str], user: User) -> str:
    """Record it now, or by a job where there are many; what is said of that."""
    batch = records.batch_of("consent", user)
    order = Order(record_type.name, WORK, user.pk, batch.pk, ids, typed)
    if len(ids) > changing.DIRECTLY:
        jobs.enqueue("change_many", **{"user": user, **asdict(order)})
        return _("It is done in the background; a notice tells you when it is done.")
    outcome = changing.carry_out(order)
    if not outcome.done:
        batch.delete()
    ours, done, left = locale.active(), outcome.done, outcome.left_count
    text = ngettext(
        "The consent was recorded for %(n)s record.", "The consent was recorded for %(n)s records.", done
    ) % {"n": ours.number(done)}
    if not left:
        return text
    kept = ngettext("%(n)s record was left as it is.", "%(n)s records were left as they are.", left)
    return f"{text} {kept % {'n': ours.number(left)}}"


@changing.work(WORK)
def record_many(
    record_type: RecordType, user: User, order: Order, found: list[Any], outcome: Outcome
) -> None:
    """The same word about each chunk of the records that the person may change."""
    mine = changing.allowed(record_type, user, found, outcome)
    consent.say(record_type, mine, asking.read(order.values), ChangeBatch.objects.get(pk=order.batch))
    outcome.done += len(mine)


def _ids(request: HttpRequest, record_type: RecordType) -> list[int]:
    if request.POST.get("all"):
        found = listing.read(request, record_type).records().order_by()
        return list(found.values_list("pk", flat=True))
    return inputs.ticked(request.POST)
