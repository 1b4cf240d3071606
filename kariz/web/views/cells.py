"""One value edited where it stands, in a list or on a record page; and the month of the date picker."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import reswap, trigger_client_event

from kariz.core import links, registry
from kariz.core.fields import Field
from kariz.core.fieldtypes.links import id_in
from kariz.core.models import ChangeBatch
from kariz.core.records import Conflict, Forbidden, Invalid
from kariz.core.registry import RecordType
from kariz.web import clashes, inputs, months, saving, table, toasts
from kariz.web.doors import for_readers, reader, visible_or_404


@for_readers
def cell(request: HttpRequest, record_type: RecordType, pk: int, name: str) -> HttpResponse:
    """The input for one value; posted, the cell with the value as it is now."""
    field = record_type.fields.get(name)
    if field is None or field.is_readonly:
        raise Http404
    record = visible_or_404(request, record_type, pk)
    if request.method != "POST":
        return _input(request, record, field)
    values = inputs.posted(record_type, request.POST, [name])
    try:
        saved, batch = saving.save(
            record_type, record, values, user=reader(request), version=_version(request)
        )
    except Invalid as error:
        return _input(
            request, record, field, error.errors.get(name) or _others(error), typed=values.get(name)
        )
    except Conflict as error:
        clash = clashes.context(record_type, error, values, reader(request))
        return _input(request, record, field, typed=values[name], clash=clash)
    except Forbidden as error:
        return _input(request, record, field, [str(error)], typed=values.get(name))
    return _saved(request, saved, field, batch)


def _version(request: HttpRequest) -> int | None:
    return id_in(request.POST.get("version", ""))


def _others(error: Invalid) -> list[str]:
    """What is wrong elsewhere in the record, which this value has brought about."""
    return [message for messages in error.errors.values() for message in messages]


def _input(
    request: HttpRequest,
    record: Any,
    field: Field,
    errors: list[str] | None = None,
    *,
    typed: Any = None,
    clash: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "field": field,
        "value": field.get(record),
        "typed": typed,
        "record": record,
        "names": links.names([field], [record], reader(request)),
        "errors": errors or [],
        "clash": clash,
        "version": clash["version"] if clash else record.version,
        "place": request.GET.get("in", ""),
    }
    status = 409 if clash else 422 if errors else 200
    response = render(request, "web/_cell_form.html", context, status=status)
    return response if status == 200 else reswap(response, "innerHTML")


def _saved(request: HttpRequest, record: Any, field: Field, batch: ChangeBatch | None) -> HttpResponse:
    record_type = registry.get(field.record_type)
    links.load(record_type, [record])
    context = {
        "field": field,
        "record": record,
        "html": table.painted_cell(record, field, reader(request)),
        "url": request.get_full_path(),
        "place": request.GET.get("in", ""),
    }
    response = render(request, "web/_cell.html", context)
    if batch is None:
        return response
    if request.GET.get("in"):  # a list is right already: it has the new cell
        trigger_client_event(response, "recordChanged", {"type": record_type.name, "id": record.pk})
    return toasts.tell(request, response, _("“%(field)s” saved.") % {"field": field.label}, batch=batch)


def days(request: HttpRequest) -> HttpResponse:
    """A month of the reader's calendar around the typed day."""
    shown = months.month(
        request.GET.get("value", ""), request.GET.get("month", ""), clock="clock" in request.GET
    )
    return render(request, "web/_month.html", {"month": shown})
