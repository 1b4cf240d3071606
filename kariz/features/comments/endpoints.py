"""Comments for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import rows, schemas
from kariz.api.endpoints import Answer, Call, Parameter, endpoint
from kariz.api.problems import bad_query
from kariz.core.fieldtypes.links import id_in
from kariz.features.comments.models import Comment
from kariz.features.comments.writing import LONGEST, comment

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

COMMENT = schemas.shape(
    {"id": schemas.ID, "text": schemas.TEXT, "by": schemas.PERSON, "at": schemas.MOMENT, "batch": schemas.ID}
)
LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    gettext_lazy("How many at most."),
)
BEFORE = Parameter("cursor", schemas.TEXT, gettext_lazy("Where to go on: “next” of the answer before."))


@endpoint(
    "GET", "{type}/{id}/comments",
    summary=gettext_lazy("The comments on a record"), verb="read", query=(BEFORE, LIMIT),
    result=schemas.page(COMMENT),
)  # fmt: skip
def list_comments(call: Call, record_type: RecordType, pk: int) -> Answer:
    call.record(record_type, pk)
    found = Comment.objects.filter(record_type=record_type.name, record_id=pk).select_related("author")
    if cursor := call.query.get("cursor"):
        before = id_in(cursor)
        if before is None:
            raise bad_query("cursor", _("This is no cursor that an answer gave."))
        found = found.filter(pk__lt=before)
    size: int = call.query["limit"]
    listed = list(found[: size + 1])
    following = str(listed[size - 1].pk) if len(listed) > size else None
    return Answer({"items": [_row(one) for one in listed[:size]], "next": following})


def _row(one: Comment) -> dict[str, Any]:
    return {
        "id": one.pk,
        "text": one.text,
        "by": rows.person(one.author),
        "at": one.created_at.isoformat(),
        "batch": one.batch_id,
    }


@endpoint(
    "POST", "{type}/{id}/comments",
    summary=gettext_lazy("Comment on a record"), verb="read", status=201, result=COMMENT,
    body=schemas.shape({"text": {"type": "string", "minLength": 1, "maxLength": LONGEST}}),
)  # fmt: skip
def add_comment(call: Call, record_type: RecordType, pk: int) -> Answer:
    """Whoever sees a record may say something about it; a token that only reads may not."""
    call.demand_scope(record_type, "edit")
    call.record(record_type, pk)
    batch, _count = comment(record_type, [pk], call.body["text"], call.user)
    if batch is None:  # the record has gone meanwhile
        raise Http404
    made = Comment.objects.select_related("author").get(batch=batch)
    return Answer(_row(made), status=201, headers={"Kariz-Batch": str(batch.pk)})
