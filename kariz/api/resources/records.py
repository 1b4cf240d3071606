"""Records: listing, reading, making, changing and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import conditions, cursors, rows, schemas, values
from kariz.api.endpoints import Answer, Call, Parameter, endpoint
from kariz.api.problems import Problem, bad_query
from kariz.core import access, paging, viewing
from kariz.core import records as doors
from kariz.core.fieldtypes.links import id_in

if TYPE_CHECKING:
    from kariz.core.models import ChangeBatch
    from kariz.core.registry import RecordType

MOST = 200
NAMES = schemas.array(schemas.TEXT, maxItems=300)
FIELDS = Parameter(
    "fields", NAMES, gettext_lazy("The fields to give, with commas between them; all where it is left out.")
)
EXPAND = Parameter("expand", NAMES, gettext_lazy("The links whose records are given too, under “_expanded”."))
LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": 50},
    gettext_lazy("How many at most."),
)
CURSOR = Parameter("cursor", schemas.TEXT, gettext_lazy("Where to go on: “next” of the answer before."))
WHERE = Parameter(
    "where", schemas.TEXT, gettext_lazy('A condition as JSON, such as ["status", "is", "new"].')
)
FIND = Parameter("q", {"type": "string", "maxLength": 200}, gettext_lazy("Words to search for."))
SORT = Parameter("sort", schemas.TEXT, gettext_lazy("A field; with “-” before it from the largest on."))
COUNT = Parameter("count", schemas.YES_NO, gettext_lazy("Whether to count all of them, up to a thousand."))


@endpoint(
    "GET", "{type}",
    summary=gettext_lazy("List records"),
    about=gettext_lazy("Any field may be a parameter too: status=new gives the records whose status is new."),
    verb="read",
    query=(WHERE, FIND, SORT, CURSOR, LIMIT, FIELDS, EXPAND, COUNT),
    takes_others=True,
    result=schemas.records_page,
)  # fmt: skip
def list_records(call: Call, record_type: RecordType) -> Answer:
    asked = call.query
    writer = rows.rows(call, record_type, asked.get("fields", ()), asked.get("expand", ()))
    sort = _sort(call, record_type)
    found = doors.visible(
        record_type,
        call.user,
        where=conditions.asked(call, record_type),
        find=asked.get("q", "").strip(),
        sort=sort,
    )
    cursor = cursors.place(asked.get("cursor", ""), sort)
    page = paging.page(found, record_type, sort, cursor=cursor, size=asked["limit"], columns=writer.columns)
    if not asked.get("fields"):  # whole ones
        viewing.tell(record_type, page.records, call.user)
    content: dict[str, Any] = {"items": writer.of(page.records), **cursors.around(page, sort)}
    if asked.get("count"):
        content["count"], content["count_is_capped"] = paging.capped_count(found)
    return Answer(content)


def _sort(call: Call, record_type: RecordType) -> str:
    wanted: str = call.query.get("sort") or record_type.sort
    name = wanted.removeprefix("-")
    if name != record_type.title and name not in access.readable(record_type, call.user):
        raise bad_query("sort", _("There is no field “%(name)s”.") % {"name": name})
    return wanted


@endpoint(
    "GET", "{type}/{id}",
    summary=gettext_lazy("Read a record"), verb="read", query=(FIELDS, EXPAND), result=schemas.record,
)  # fmt: skip
def read_record(call: Call, record_type: RecordType, pk: int) -> Answer:
    writer = rows.rows(call, record_type, call.query.get("fields", ()), call.query.get("expand", ()))
    record = call.record(record_type, pk)
    viewing.tell(record_type, [record], call.user)
    return shown(writer, record)


def shown(writer: rows.Rows, record: Any, batch: ChangeBatch | None = None, **how: Any) -> Answer:
    """One record as an answer: its version as ETag, and the batch by which what was just done can be undone."""
    headers = {"ETag": f'"{record.version}"', **how.pop("headers", {})}
    if batch is not None:
        headers["Kariz-Batch"] = str(batch.pk)
    return Answer(writer.one(record), headers=headers, **how)


@endpoint(
    "POST", "{type}",
    summary=gettext_lazy("Create a record"), verb="create", body=schemas.values, result=schemas.record, status=201,
)  # fmt: skip
def create_record(call: Call, record_type: RecordType) -> Answer:
    batch = doors.batch_of("create", call.user)
    given = values.taken(record_type, call.body, call.user)
    made = doors.save(record_type, record_type.model(), given, user=call.user, batch=batch)
    headers = {"Location": call.address(f"{record_type.name}/{made.pk}")}
    return shown(_writer_of(call, record_type, made), made, batch, status=201, headers=headers)


def _writer_of(call: Call, record_type: RecordType, record: Any) -> rows.Rows:
    """What writes a record just written: nothing of one that has gone to somebody whose records the caller sees not."""
    is_seen = doors.visible(record_type, call.user).filter(pk=record.pk).exists()
    return rows.rows(call, record_type) if is_seen else rows.Rows(call, record_type, ())


@endpoint(
    "PATCH", "{type}/{id}",
    summary=gettext_lazy("Change a record"),
    about=gettext_lazy(
        "With “version”, or the header If-Match, what others have changed since is kept; where both have changed the"
        " same field to different values, the answer is 409."
    ),
    verb="edit", body=schemas.changes, result=schemas.record,
)  # fmt: skip
def change_record(call: Call, record_type: RecordType, pk: int) -> Answer:
    record = call.record(record_type, pk)
    said = dict(call.body)
    version = _version(call, said.pop("version", None))
    batch: ChangeBatch | None = doors.batch_of("edit", call.user)
    given = values.taken(record_type, said, call.user)
    saved = doors.save(record_type, record, given, user=call.user, batch=batch, version=version)
    batch = kept(batch)
    return shown(_writer_of(call, record_type, saved), saved, batch)


def kept(batch: ChangeBatch | None) -> ChangeBatch | None:
    """The batch where it holds anything; an empty one is thrown away."""
    if batch is None or batch.changes.exists():
        return batch
    batch.delete()
    return None


def _version(call: Call, said: Any) -> int | None:
    """The version that the caller has read, from the body or from If-Match."""
    header = call.request.headers.get("If-Match", "*").strip().removeprefix("W/").strip('"')
    if said is None and header != "*":
        said = id_in(header)
        if said is None:
            raise Problem(400, "bad_version", _('If-Match takes the version of the record, such as "3".'))
    if said is not None and (not isinstance(said, int) or isinstance(said, bool) or not 0 <= said < 2**31):
        raise doors.Invalid({"version": [_("A whole number is needed.")]})
    return said


@endpoint(
    "DELETE", "{type}/{id}",
    summary=gettext_lazy("Delete a record"), verb="delete", result=schemas.shape({"batch": schemas.ID}),
)  # fmt: skip
def delete_record(call: Call, record_type: RecordType, pk: int) -> Answer:
    batch = doors.delete(record_type, [call.record(record_type, pk)], user=call.user)
    return Answer({"batch": batch.pk}, headers={"Kariz-Batch": str(batch.pk)})
