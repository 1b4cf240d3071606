"""Saved views for programs: what people keep of a list is where, sort and fields of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import conditions, schemas
from kariz.api.endpoints import Answer, Call, endpoint
from kariz.core import access, sorting
from kariz.core.records import Invalid
from kariz.web import saved
from kariz.web.models import SavedView

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

WHERE = {"type": ["array", "object", "null"], "additionalProperties": True}
VIEW = schemas.shape(
    {
        "id": schemas.ID,
        "name": schemas.TEXT,
        "is_shared": schemas.YES_NO,
        "is_mine": schemas.YES_NO,
        "where": WHERE,
        "sort": schemas.TEXT,
        "fields": schemas.array(schemas.TEXT),
        "layout": schemas.TEXT,
    }
)
BODY = schemas.shape(
    {
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "is_shared": schemas.YES_NO,
        "where": WHERE,
        "sort": {"type": "string", "maxLength": 60},
        "fields": schemas.array(schemas.TEXT, maxItems=60),
    },
    ("name",),
)


@endpoint(
    "GET", "{type}/views",
    summary=gettext_lazy("Saved views"), verb="read", result=schemas.shape({"items": schemas.array(VIEW)}),
)  # fmt: skip
def list_views(call: Call, record_type: RecordType) -> Answer:
    return Answer({"items": [_row(call, one) for one in saved.offered(record_type, call.user)]})


def _row(call: Call, view: SavedView) -> dict[str, Any]:
    return {
        "id": view.pk,
        "name": view.label,
        "is_shared": view.is_shared,
        "is_mine": view.owner_id == call.user.pk,
        "where": view.where,
        "sort": view.sort,
        "fields": list(view.columns),
        "layout": view.layout,
    }


@endpoint(
    "POST",
    "{type}/views",
    summary=gettext_lazy("Save a view"),
    verb="read",
    body=BODY,
    result=VIEW,
    status=201,
)
def save_view(call: Call, record_type: RecordType) -> Answer:
    call.demand_scope(record_type, "edit")
    said = call.body
    readable = access.readable(record_type, call.user)
    if unknown := [name for name in said.get("fields", ()) if name not in readable]:
        raise Invalid({"fields": [_("There is no field “%(name)s”.") % {"name": unknown[0]}]})
    if said.get("sort"):
        sorting.of(record_type, said["sort"])
    last = SavedView.objects.filter(record_type=record_type.name).aggregate(last=Max("position"))["last"]
    view = SavedView.objects.create(
        record_type=record_type.name,
        owner=call.user,
        name=said["name"],
        is_shared=said.get("is_shared", False),
        where=conditions.checked(call, record_type, said.get("where")) or None,
        sort=said.get("sort", ""),
        columns=said.get("fields", []),
        position=(last or 0) + 1,
    )
    return Answer(_row(call, view), status=201)


@endpoint(
    "DELETE", "{type}/views/{id}",
    summary=gettext_lazy("Delete a view of one's own"), verb="read", result=schemas.shape({"id": schemas.ID}),
)  # fmt: skip
def delete_view(call: Call, record_type: RecordType, pk: int) -> Answer:
    call.demand_scope(record_type, "edit")
    found = next((one for one in saved.offered(record_type, call.user) if one.pk == pk), None)
    if found is None or not saved.may_change(found, call.user):
        raise Http404
    found.delete()
    return Answer({"id": pk})
