"""Search over every type that the caller may read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from kariz.api import schemas
from kariz.api.endpoints import Answer, Call, Parameter, endpoint
from kariz.core import search

HIT = schemas.shape(
    {
        "type": schemas.TEXT,
        "id": schemas.ID,
        "title": schemas.TEXT,
        "subtitle": schemas.TEXT,
    }
)
WORDS = Parameter(
    "q",
    {"type": "string", "minLength": 1, "maxLength": 200, "default": ""},
    gettext_lazy("Words to search for."),
)
TYPES = Parameter("types", schemas.array(schemas.TEXT), gettext_lazy("Of these types only."))
LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    gettext_lazy("How many at most."),
)


@endpoint(
    "GET", "search",
    summary=gettext_lazy("Search everything"), query=(WORDS, TYPES, LIMIT),
    result=schemas.shape({"items": schemas.array(HIT)}),
)  # fmt: skip
def search_everything(call: Call) -> Answer:
    wanted = call.query.get("types")
    types = [one for one in call.types() if wanted is None or one.name in wanted]
    found = search.everywhere(call.query["q"], call.user, call.query["limit"], types)
    items = [
        {"type": one.record_type, "id": one.record_id, "title": one.title, "subtitle": one.subtitle}
        for one in found
    ]
    return Answer({"items": items})
