"""Every change from a cursor on, for programs that keep a copy: nothing is skipped, nothing comes twice."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import schemas
from kariz.api.endpoints import Answer, Call, Parameter, endpoint
from kariz.api.problems import bad_query
from kariz.core import feed

CHANGE = schemas.shape(
    {
        "id": schemas.ID,
        "type": schemas.TEXT,
        "record": schemas.ID,
        "kind": {"type": "string", "enum": ["created", "updated", "deleted"]},
        "version": schemas.NUMBER,
        "batch": schemas.shape({"id": schemas.ID, "kind": schemas.TEXT}),
        "at": schemas.MOMENT,
        "by": schemas.nullable(
            schemas.shape({"id": schemas.ID, "username": schemas.TEXT, "name": schemas.TEXT})
        ),
        "values": {"type": "object", "additionalProperties": schemas.shape({"before": {}, "after": {}})},
    }
)
AFTER = Parameter(
    "after", schemas.TEXT, gettext_lazy("The cursor of the answer before; none begins with the first change.")
)
TYPES = Parameter("types", schemas.array(schemas.TEXT), gettext_lazy("Of these types only."))
LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": feed.MOST, "default": 100},
    gettext_lazy("How many at most."),
)


@endpoint(
    "GET", "changes",
    summary=gettext_lazy("What happened to all records, from a cursor on"), query=(AFTER, TYPES, LIMIT),
    result=schemas.shape({
        "items": schemas.array(CHANGE), "cursor": schemas.TEXT, "has_more": {"type": "boolean"},
    }),
)  # fmt: skip
def read_changes(call: Call) -> Answer:
    wanted = call.query.get("types")
    types = [one.name for one in call.types() if wanted is None or one.name in wanted]
    try:
        page = feed.changes_after(call.query.get("after", ""), call.user, types, call.query["limit"])
    except feed.BadCursor:
        raise bad_query("after", _("This is no cursor that an answer gave.")) from None
    return Answer({"items": page.changes, "cursor": page.cursor, "has_more": page.has_more})
