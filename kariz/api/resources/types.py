"""What there is: the record types, their fields, choices, layout, relations and actions, and what the caller may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import schemas
from kariz.api.endpoints import Answer, Call, endpoint
from kariz.api.resources.related import RELATION, relations
from kariz.core import access, actions, choices

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

KIND = {
    "name": schemas.TEXT,
    "label": schemas.TEXT,
    "plural": schemas.TEXT,
    "title": schemas.TEXT,
    "may": schemas.array(schemas.TEXT),
}
FIELD = schemas.shape(
    {
        "name": schemas.TEXT,
        "label": schemas.TEXT,
        "type": schemas.TEXT,
        "help": schemas.TEXT,
        "is_required": schemas.YES_NO,
        "is_readonly": schemas.YES_NO,
        "is_custom": schemas.YES_NO,
        "is_sortable": schemas.YES_NO,
        "target": schemas.nullable(schemas.TEXT),
        "depends_on": schemas.nullable(schemas.TEXT),
        "operators": schemas.array(schemas.TEXT),
    }
)
CHOICE = schemas.shape(
    {
        "key": schemas.TEXT,
        "label": schemas.TEXT,
        "group": schemas.TEXT,
        "outcome": schemas.TEXT,
        "is_default": schemas.YES_NO,
    }
)
BLOCK = schemas.shape({"key": schemas.TEXT, "label": schemas.TEXT, "fields": schemas.array(schemas.TEXT)})
ACTION = schemas.shape({"name": schemas.TEXT, "label": schemas.TEXT})
WHOLE = schemas.shape(
    KIND
    | {
        "columns": schemas.array(schemas.TEXT),
        "board": schemas.nullable(schemas.TEXT),
        "totals": schemas.array(schemas.TEXT),
        "fields": schemas.array(FIELD),
        "layout": schemas.array(BLOCK),
        "relations": schemas.array(
            schemas.shape(
                {name: schema for name, schema in RELATION["properties"].items() if name != "count"}
            )
        ),
        "actions": schemas.array(ACTION),
    }
)


@endpoint(
    "GET", "types",
    summary=gettext_lazy("The record types"), result=schemas.shape({"items": schemas.array(schemas.shape(KIND))}),
)  # fmt: skip
def list_types(call: Call) -> Answer:
    return Answer({"items": [_kind(call, one) for one in call.types()]})


def _kind(call: Call, record_type: RecordType) -> dict[str, Any]:
    return {
        "name": record_type.name,
        "label": str(record_type.label),
        "plural": str(record_type.plural),
        "title": record_type.title,
        "may": [verb for verb in access.VERBS if call.may(record_type, verb)],
    }


@endpoint(
    "GET", "types/{type}", summary=gettext_lazy("A record type with its fields"), verb="read", result=WHOLE
)
def read_type(call: Call, record_type: RecordType) -> Answer:
    readable = access.readable(record_type, call.user)
    writable = access.writable(record_type, call.user)
    blocks = [
        {
            "key": one.key,
            "label": _(str(one.label)),
            "fields": [name for name in one.fields if name in readable],
        }
        for one in record_type.blocks
    ]
    lists = [
        {"name": one.name, "label": str(one.label), "type": one.record_type.name, "field": one.field.name}
        for one in relations(call, record_type)
    ]
    offered = [{"name": one.name, "label": str(one.label)} for one in actions.of(record_type)]
    fields = [_field(one, is_readonly=name not in writable) for name, one in readable.items()]
    shown = {
        "columns": [name for name in record_type.columns if name in readable],
        "board": record_type.board if record_type.board in readable else None,
        "totals": [name for name in record_type.totals if name in readable],
    }
    content = {"fields": fields, "layout": blocks, "relations": lists, "actions": offered}
    return Answer(_kind(call, record_type) | shown | content)


def _field(field: Field, *, is_readonly: bool) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": str(field.label),
        "type": field.type.name,
        "help": str(field.help),
        "is_required": field.is_required,
        "is_readonly": is_readonly,
        "is_custom": field.is_custom,
        "is_sortable": field.type.is_sortable,
        "target": field.target or None,
        "depends_on": field.group or None,
        "operators": list(field.type.operators),
    }


@endpoint(
    "GET", "types/{type}/choices/{name}",
    summary=gettext_lazy("The choices of a field"), verb="read",
    result=schemas.shape({"items": schemas.array(CHOICE)}),
)  # fmt: skip
def list_choices(call: Call, record_type: RecordType, name: str) -> Answer:
    field = access.readable(record_type, call.user).get(name)
    if field is None or field.type.name not in ("choice", "choices"):
        raise Http404
    items = [
        {
            "key": one.key,
            "label": _(one.label),
            "group": one.group,
            "outcome": one.outcome,
            "is_default": one.is_default,
        }
        for one in choices.of(record_type.name, name)
    ]
    return Answer({"items": items})
