"""Exports for programs: ordered, followed, fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import conditions, schemas
from kariz.api.endpoints import Answer, Call, endpoint
from kariz.core import access, registry, sorting
from kariz.core.records import Invalid
from kariz.features.export import running
from kariz.features.export.formats import FORMATS, offered
from kariz.features.export.models import ExportRun
from kariz.features.export.orders import DELIMITERS, FORMS, VCARDS, Order
from kariz.features.export.showing import Shown
from kariz.jobs.states import State

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from kariz.core.registry import RecordType

MOST_IDS = 10_000
BODY = schemas.shape(
    {
        "type": schemas.TEXT,
        "ids": schemas.array(schemas.ID, minItems=1, maxItems=MOST_IDS),
        "where": {"type": ["array", "object", "null"], "additionalProperties": True},
        "q": {"type": "string", "maxLength": 200},
        "sort": schemas.TEXT,
        "fields": schemas.array(schemas.TEXT, maxItems=300),
        "format": {"type": "string", "enum": list(FORMATS)},
        "form": {"type": "string", "enum": list(FORMS)},
        "delimiter": {"type": "string", "enum": list(DELIMITERS)},
        "vcard": {"type": "string", "enum": list(VCARDS)},
    },
    ("type", "format"),
)
EXPORT = schemas.shape(
    {
        "id": schemas.ID,
        "type": schemas.TEXT,
        "state": {"type": "string", "enum": ["running", "done", "stopped", "failed"]},
        "count": schemas.NUMBER,
        "total": schemas.NUMBER,
        "file": schemas.nullable(schemas.TEXT),
    }
)


@endpoint(
    "POST", "exports",
    summary=gettext_lazy("Order a file of records"),
    about=gettext_lazy("A worker writes it: ask for the export until its state is done, then for its file."),
    body=BODY, result=EXPORT, status=202,
)  # fmt: skip
def order_export(call: Call) -> Answer:
    record_type = _type(call, call.body["type"])
    run = running.start(running.begin(_order(call, record_type), call.user))
    return Answer(_row(call, run), status=202, headers={"Location": call.address(f"exports/{run.pk}")})


def _type(call: Call, name: str) -> RecordType:
    try:
        record_type = registry.get(name)
    except KeyError:
        raise Invalid({"type": [_("There is no record type “%(name)s”.") % {"name": name}]}) from None
    call.demand(record_type, "export")
    return record_type


def _order(call: Call, record_type: RecordType) -> Order:
    """What is ordered, as far as the caller may read it. Raises `Invalid` and `BadCondition`."""
    said = call.body
    readable = access.readable(record_type, call.user)
    sort = said.get("sort") or record_type.sort
    sorting.of(record_type, sort)
    unknown = [name for name in said.get("fields", ()) if name not in readable]
    if unknown or sort.removeprefix("-") not in {record_type.title, *readable}:
        name = unknown[0] if unknown else sort.removeprefix("-")
        raise Invalid(
            {"fields" if unknown else "sort": [_("There is no field “%(name)s”.") % {"name": name}]}
        )
    if said["format"] not in offered(record_type):
        raise Invalid({"format": [_("Choose one of the ways that are offered.")]})
    return Order(
        record_type.name,
        scope="selected" if "ids" in said else "view",
        ids=said.get("ids", ()),
        where=conditions.checked(call, record_type, said.get("where")),
        find=said.get("q", "").strip(),
        sort=sort,
        columns=said.get("fields", ()),
        format=said["format"],
        form=said.get("form", "iso"),
        delimiter=said.get("delimiter", "comma"),
        vcard=said.get("vcard", "3.0"),
    )


@endpoint("GET", "exports/{id}", summary=gettext_lazy("How far an export is"), result=EXPORT)
def read_export(call: Call, pk: int) -> Answer:
    return Answer(_row(call, _own(call, pk)))


def _own(call: Call, pk: int) -> ExportRun:
    found = ExportRun.objects.select_related("job", "user").filter(pk=pk, user=call.user).first()
    if found is None:
        raise Http404
    call.demand(registry.get(found.record_type), "export")
    return found


def _row(call: Call, run: ExportRun) -> dict[str, Any]:
    shown = Shown(run)
    has_failed = run.job is not None and run.job.state in (State.FAILED, State.CANCELLED)
    state = "failed" if has_failed and not shown.is_done else "running" if shown.is_under_way else run.state
    return {
        "id": run.pk,
        "type": run.record_type,
        "state": state,
        "count": shown.done,
        "total": shown.total,
        "file": call.address(f"exports/{run.pk}/file") if shown.has_file else None,
    }


@endpoint(
    "GET",
    "exports/{id}/file",
    summary=gettext_lazy("The file of an export"),
    media="application/octet-stream",
)
def read_export_file(call: Call, pk: int) -> HttpResponseBase:
    run = _own(call, pk)
    if not Shown(run).has_file:
        raise Http404
    response = FileResponse(run.file.open("rb"), content_type=FORMATS[run.asked.format].content_type)
    response["Content-Disposition"] = content_disposition_header(True, running.name_of(run)) or "attachment"
    response["Cache-Control"] = "no-store"
    return response
