"""Changing, assigning and deleting many records: asked in a dialog, done at once or by a job with its progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django_htmx.http import trigger_client_event

from kariz import jobs
from kariz.accounts import locale
from kariz.core import records
from kariz.core.fields import Field
from kariz.core.fieldtypes.links import id_in
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType
from kariz.jobs.models import Job
from kariz.web import bulk as changing
from kariz.web import inputs, listing, navigation, toasts
from kariz.web.bulk import Order, Outcome
from kariz.web.doors import for_readers, reader
from kariz.web.listing import Listing

VERBS = {"edit", "assign", "delete"}


@dataclass(frozen=True)
class Wanted:
    """Which records: those ticked, or all that the list holds."""

    asked: Listing
    do: str
    ticked: list[int]
    is_all: bool

    @property
    def ids(self) -> list[int]:
        return (
            list(self.asked.records().order_by().values_list("pk", flat=True)) if self.is_all else self.ticked
        )

    @property
    def count(self) -> int:
        return self.asked.records().order_by().count() if self.is_all else len(self.ticked)


@for_readers
def bulk(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The question about the ticked records, and, answered, what was done; `job` asks how far one has come."""
    if "job" in request.GET:
        return _progress(request, record_type)
    if request.method != "POST":
        raise Http404
    if request.POST.get("do") == "field":
        return _rows(request, record_type)
    wanted = _wanted(request, record_type)
    if not request.POST.get("run") or not (wanted.is_all or wanted.ticked):
        return _question(request, wanted)
    fields = _fields(request, wanted)
    values = inputs.posted(record_type, request.POST, [field.name for field in fields])
    errors = changing.problems(fields, values)
    if errors or (wanted.do != "delete" and not values):
        return _question(request, wanted, values, errors)
    return _run(request, wanted, values)


def _wanted(request: HttpRequest, record_type: RecordType) -> Wanted:
    do = request.POST.get("do", "")
    if do not in VERBS:
        raise Http404
    asked = listing.read(request, record_type)
    return Wanted(asked, do, inputs.ticked(request.POST), bool(request.POST.get("all")))


def _fields(request: HttpRequest, wanted: Wanted) -> list[Field]:
    """The fields to set: those chosen so far, the owner where records are assigned."""
    fields = changing.editable(wanted.asked.record_type)
    names = {"edit": request.POST.getlist("field"), "assign": ["owner"], "delete": []}[wanted.do]
    return [fields[name] for name in dict.fromkeys(names) if name in fields]


def _question(
    request: HttpRequest,
    wanted: Wanted,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> HttpResponse:
    fields, values, errors = _fields(request, wanted), values or {}, errors or {}
    total = wanted.count
    context = {
        "do": wanted.do,
        "record_type": wanted.asked.record_type,
        "fields": list(changing.editable(wanted.asked.record_type).values()),
        "rows": [_asked(one, values, errors) for one in fields] or [{}],
        "names": inputs.names(((field, values.get(field.name)) for field in fields), reader(request)),
        "ids": ",".join(map(str, wanted.ticked)),
        "is_all": wanted.is_all,
        "is_none": not total,
        "counted": _counted(total or wanted.asked.records().order_by().count()),
        "action": wanted.asked.address("bulk"),
    }
    template = navigation.template(request, "web/bulk.html", "web/_bulk.html")
    return render(request, template, context, status=422 if errors else 200)


def _asked(field: Field, values: Mapping[str, Any], errors: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {"field": field, "typed": values.get(field.name), "errors": errors.get(field.name, ())}


def _counted(number: int) -> str:
    return ngettext("%(n)s record", "%(n)s records", number) % {"n": locale.active().number(number)}


def _rows(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The fields chosen so far with their inputs, and room for one more where it is asked for."""
    editable = changing.editable(record_type)
    chosen = [editable[name] for name in dict.fromkeys(request.POST.getlist("field")) if name in editable]
    values = inputs.posted(record_type, request.POST, [field.name for field in chosen])
    rows = [_asked(one, values, {}) for one in chosen]
    context = {
        "fields": list(editable.values()),
        "rows": [*rows, {}] if request.POST.get("more") or not rows else rows,
        "names": inputs.names(((field, values.get(field.name)) for field in chosen), reader(request)),
        "action": request.get_full_path(),
    }
    return render(request, "web/_bulk_fields.html", context)


def _run(request: HttpRequest, wanted: Wanted, values: dict[str, Any]) -> HttpResponse:
    user, record_type = reader(request), wanted.asked.record_type
    do = "delete" if wanted.do == "delete" else "edit"
    batch = records.batch_of("bulk_delete" if do == "delete" else "bulk_edit", user)
    order = Order(record_type.name, do, user.pk, batch.pk, wanted.ids, values)
    if len(order.ids) <= changing.DIRECTLY:
        return _done(request, record_type, changing.carry_out(order))
    job = jobs.enqueue("change_many", **{"user": user, **asdict(order)})
    return _progress(request, record_type, job)


def _progress(request: HttpRequest, record_type: RecordType, job: Job | None = None) -> HttpResponse:
    if job is None:
        job = get_object_or_404(Job, pk=id_in(request.GET["job"]), user=reader(request), name="change_many")
    if job.state == "done":
        return _done(request, record_type, Outcome(**(job.result or {})))
    context = {
        "job": job,
        "url": listing.with_query(listing.address_of(record_type, page="bulk"), {"job": job.pk}),
    }
    template = navigation.template(request, "web/bulk_progress.html", "web/_bulk_progress.html")
    return render(request, template, context)


def _done(request: HttpRequest, record_type: RecordType, outcome: Outcome) -> HttpResponse:
    """A toast with Undo; records that were left alone are listed with the reason."""
    batch = ChangeBatch.objects.filter(pk=outcome.batch).first() if outcome.done else None
    if batch is None:
        ChangeBatch.objects.filter(pk=outcome.batch).delete()
    text = ngettext("%(n)s record changed.", "%(n)s records changed.", outcome.done)
    text %= {"n": locale.active().number(outcome.done)}
    if not outcome.left_count and not navigation.is_fragment(request):
        return toasts.tell(
            request, navigation.go(request, listing.address_of(record_type)), text, batch=batch
        )
    response = HttpResponse()
    if outcome.left_count:
        context = {
            "outcome": outcome,
            "text": text,
            "record_type": record_type,
            "left": _counted(outcome.left_count),
        }
        template = navigation.template(request, "web/bulk_done.html", "web/_bulk_done.html")
        response = render(request, template, context)
    if batch is None:
        return response
    trigger_client_event(response, "recordChanged", {"batch": batch.pk})
    trigger_client_event(response, "clearTicks")
    return toasts.tell(request, response, text, batch=batch)
