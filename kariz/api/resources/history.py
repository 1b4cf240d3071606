"""What happened to a record, newest first: the change log, as far as the caller may read its fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import rows, schemas
from kariz.api.endpoints import Answer, Call, Parameter, endpoint
from kariz.api.problems import bad_query
from kariz.api.resources.records import LIMIT
from kariz.core import access, changes, forwards, registry
from kariz.core.fieldtypes.links import id_in

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kariz.core.models import Change
    from kariz.core.registry import RecordType

CHANGE = schemas.shape(
    {
        "id": schemas.ID,
        "type": schemas.TEXT,
        "record": schemas.ID,
        "kind": {"type": "string", "enum": ["created", "updated", "deleted"]},
        "version": schemas.NUMBER,
        "at": schemas.MOMENT,
        "by": schemas.nullable(schemas.PERSON),
        "batch": schemas.ID,
        "values": {"type": "object", "additionalProperties": schemas.shape({"old": {}, "new": {}})},
    }
)
BEFORE = Parameter("cursor", schemas.TEXT, gettext_lazy("Where to go on: “next” of the answer before."))


@endpoint(
    "GET", "{type}/{id}/history",
    summary=gettext_lazy("What happened to a record"), verb="read", query=(BEFORE, LIMIT),
    result=schemas.page(CHANGE),
)  # fmt: skip
def read_history(call: Call, record_type: RecordType, pk: int) -> Answer:
    call.record(record_type, pk)
    return Answer(page(call, changes.history(record_type, pk, forwards.absorbed(record_type, pk))))


def page(call: Call, found: QuerySet[Change]) -> dict[str, Any]:
    """The newest changes, or those before the cursor, of the types that the caller may read."""
    found = found.select_related("batch__user").order_by("-id")
    if cursor := call.query.get("cursor"):
        before = id_in(cursor)
        if before is None:
            raise bad_query("cursor", _("This is no cursor that an answer gave."))
        found = found.filter(pk__lt=before)
    size: int = call.query["limit"]
    listed = list(found[: size + 1])
    following = str(listed[size - 1].pk) if len(listed) > size else None
    return {"items": list(_rows(call, listed[:size])), "next": following}


def _rows(call: Call, listed: Iterable[Change]) -> Iterable[dict[str, Any]]:
    for change in listed:
        readable = access.readable(registry.get(change.record_type), call.user)
        user = change.batch.user
        yield {
            "id": change.pk,
            "type": change.record_type,
            "record": change.record_id,
            "kind": change.kind,
            "version": change.version,
            "at": change.at.isoformat(),
            "by": rows.person(user) if user else None,
            "batch": change.batch_id,
            "values": {
                name: {"old": old, "new": new}
                for name, (old, new) in change.values.items()
                if name in readable
            },
        }
