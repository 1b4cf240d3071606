"""The records that belong to a record: which lists there are, and each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext_lazy

from kariz.api import cursors, rows, schemas
from kariz.api.endpoints import Answer, Call, endpoint
from kariz.api.resources.records import CURSOR, FIELDS, LIMIT
from kariz.core import paging, related

if TYPE_CHECKING:
    from kariz.core.registry import RecordType
    from kariz.core.related import Relation

RELATION = schemas.shape(
    {
        "name": schemas.TEXT,
        "label": schemas.TEXT,
        "type": schemas.TEXT,
        "field": schemas.TEXT,
        "count": schemas.NUMBER,
    }
)


@endpoint(
    "GET", "{type}/{id}/related",
    summary=gettext_lazy("The lists of related records"), verb="read",
    result=schemas.shape({"items": schemas.array(RELATION)}),
)  # fmt: skip
def list_relations(call: Call, record_type: RecordType, pk: int) -> Answer:
    record = call.record(record_type, pk)
    found = relations(call, record_type)
    counts = related.counts(found, record, call.user)
    items = [
        {
            "name": one.name,
            "label": str(one.label),
            "type": one.record_type.name,
            "field": one.field.name,
            "count": counts[one.name],
        }
        for one in found
    ]
    return Answer({"items": items})


def relations(call: Call, record_type: RecordType) -> list[Relation]:
    return [one for one in related.of(record_type, call.user) if call.may(one.record_type, "read")]


@endpoint(
    "GET", "{type}/{id}/related/{name}",
    summary=gettext_lazy("The records of one such list"), verb="read", query=(FIELDS, CURSOR, LIMIT),
    result=schemas.shape({
        "items": schemas.array({"type": "object"}),
        "next": schemas.nullable(schemas.TEXT),
        "previous": schemas.nullable(schemas.TEXT),
    }),
)  # fmt: skip
def list_related(call: Call, record_type: RecordType, pk: int, name: str) -> Answer:
    record = call.record(record_type, pk)
    relation = next((one for one in relations(call, record_type) if one.name == name), None)
    if relation is None:
        raise Http404
    its_type, sort = relation.record_type, relation.record_type.sort
    writer = rows.rows(call, its_type, call.query.get("fields", ()))
    page = paging.page(
        related.listed(relation, record, call.user), its_type, sort,
        cursor=cursors.place(call.query.get("cursor", ""), sort), size=call.query["limit"], columns=writer.columns,
    )  # fmt: skip
    return Answer({"items": writer.of(page.records), **cursors.around(page, sort)})
