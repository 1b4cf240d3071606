"""Many records at one go, as one batch: made or changed by a key of the caller's, changed alike, deleted.

Each item tells what became of it; what is wrong with one leaves the others alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import schemas, values
from kariz.api.endpoints import Answer, Call, endpoint
from kariz.api.resources.records import kept
from kariz.core import access, links, records, sql
from kariz.core.drafts import WHOLE_RECORD
from kariz.core.fieldtypes import FieldError
from kariz.core.records import Invalid

if TYPE_CHECKING:
    from kariz.api.shapes import Schema
    from kariz.core.drafts import Draft
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

MOST = 1_000
CREATED, UPDATED, DELETED, UNCHANGED, FAILED = "created", "updated", "deleted", "unchanged", "failed"
KEYS = ("text", "email", "phone", "url", "number")
"""The types of fields by whose value a record is known."""

Errors = Mapping[str, Sequence[str]]
ITEM = schemas.shape(
    {
        "index": schemas.NUMBER,
        "id": schemas.nullable(schemas.ID),
        "version": schemas.nullable(schemas.NUMBER),
        "result": {"type": "string", "enum": [CREATED, UPDATED, DELETED, UNCHANGED, FAILED]},
        "errors": {"type": "object", "additionalProperties": schemas.array(schemas.TEXT)},
    },
    ("index", "id", "result"),
)
OUTCOME = schemas.shape(
    {
        "batch": schemas.nullable(schemas.ID),
        **dict.fromkeys((CREATED, UPDATED, DELETED, UNCHANGED, FAILED), schemas.NUMBER),
        "items": schemas.array(ITEM),
    }
)
IDS = schemas.array(schemas.ID, minItems=1, maxItems=MOST)


class _Outcome:
    """What became of each item."""

    def __init__(self, call: Call, record_type: RecordType, kind: str) -> None:
        self.call, self.record_type = call, record_type
        self.batch = records.batch_of(kind, call.user)
        self.items: dict[int, dict[str, Any]] = {}

    def fail(self, index: int, errors: Errors, pk: int | None = None) -> None:
        self.items[index] = {"index": index, "id": pk, "result": FAILED, "errors": errors}

    def note(self, index: int, result: str, pk: int, version: int | None = None) -> None:
        self.items[index] = {"index": index, "id": pk, "version": version, "result": result}

    def written(self, indexes: Iterable[int], drafts: Iterable[Draft]) -> None:
        for index, draft in zip(indexes, drafts, strict=True):
            if draft.errors:
                self.fail(index, draft.errors, None if draft.is_new else draft.record.pk)
            else:
                result = CREATED if draft.is_new else UPDATED if draft.changes else UNCHANGED
                self.note(index, result, draft.record.pk, draft.record.version)

    def answer(self) -> Answer:
        batch = kept(self.batch)
        counts = Counter(one["result"] for one in self.items.values())
        named = {name: counts[name] for name in (CREATED, UPDATED, DELETED, UNCHANGED, FAILED)}
        items = [self.items[index] for index in sorted(self.items)]
        headers = {"Kariz-Batch": str(batch.pk)} if batch else {}
        return Answer({"batch": batch.pk if batch else None, **named, "items": items}, headers=headers)


def _upsert_body(record_type: RecordType) -> Schema:
    items = schemas.array(schemas.values(record_type), minItems=1, maxItems=MOST)
    return schemas.shape({"key": schemas.TEXT, "items": items})


@endpoint(
    "PUT", "{type}/upsert",
    summary=gettext_lazy("Create or change records by a key"),
    about=gettext_lazy(
        "An item whose key field has the value of a record that is there changes it, any other one makes a new record."
    ),
    verb="bulk", body=_upsert_body, result=OUTCOME,
)  # fmt: skip
def upsert_records(call: Call, record_type: RecordType) -> Answer:
    key = _key(call, record_type, call.body["key"])
    outcome = _Outcome(call, record_type, "upsert")
    said = _readable_items(call, record_type, key, outcome)
    sql.hold(f"upsert {record_type.name}.{key.name}")  # nobody else makes the same records meanwhile
    known = _known(call, record_type, key, {given[key.name] for given in said.values()})
    chosen = {index: _choose(outcome, index, known[given[key.name]]) for index, given in said.items()}
    rows = {index: (record, said[index]) for index, record in chosen.items() if record is not None}
    if rows:
        saved = records.save_many(record_type, rows.values(), user=call.user, batch=outcome.batch)
        outcome.written(rows, saved)
    return outcome.answer()


def _key(call: Call, record_type: RecordType, name: str) -> Field:
    """The field by which records are known. Raises `Invalid`."""
    field = access.writable(record_type, call.user).get(name)
    if field is None or field.type.name not in KEYS:
        told = _(
            "Records cannot be known by “%(name)s”. Choose a text, an e-mail, a phone, an address or a number."
        )
        raise Invalid({"key": [told % {"name": name}]})
    return field


def _readable_items(
    call: Call, record_type: RecordType, key: Field, outcome: _Outcome
) -> dict[int, dict[str, Any]]:
    """The items that can be read, each with the value of its key as it is kept; of two with the same key the first."""
    found: dict[int, dict[str, Any]] = {}
    seen: set[Any] = set()
    for index, item in enumerate(call.body["items"]):
        given, errors = values.read(record_type, item, call.user)
        try:
            value = key.parse(given.get(key.name))
        except FieldError as error:
            errors.setdefault(key.name, [str(error)])
            value = None
        if key.name not in errors and key.type.is_empty(value):
            errors[key.name] = [_("Each item needs a value here.")]
        elif value in seen:
            errors[key.name] = [_("An item before this one has the same value.")]
        if errors:
            outcome.fail(index, errors)
            continue
        seen.add(value)
        found[index] = {**given, key.name: value}
    return found


def _known(call: Call, record_type: RecordType, key: Field, wanted: set[Any]) -> dict[Any, list[Any]]:
    """Value → the records that have it, of those that the caller sees."""
    kept_as = [
        key.type.store(value) if key.is_custom and not key.type.is_number else value for value in wanted
    ]
    found = (
        records.visible(record_type, call.user)
        .alias(upsert_key=key.expression)
        .filter(upsert_key__in=kept_as)
    )
    known: dict[Any, list[Any]] = defaultdict(list)
    for record in found:
        known[key.get(record)].append(record)
    return known


def _choose(outcome: _Outcome, index: int, there: Sequence[Any]) -> Any | None:
    """The record to write an item to: the one that is there, or a new one. None where it has failed."""
    call, record_type = outcome.call, outcome.record_type
    if len(there) > 1:
        told = _("%(count)s records have this key.") % {"count": len(there)}
        outcome.fail(index, {WHOLE_RECORD: [told]})
    elif there and not (call.may(record_type, "edit") and access.may_write(record_type, call.user, there[0])):
        outcome.fail(index, {WHOLE_RECORD: [_("You may not change this record.")]}, there[0].pk)
    elif not there and not call.may(record_type, "create"):
        outcome.fail(index, {WHOLE_RECORD: [_("You may not create records of this type.")]})
    else:
        return there[0] if there else record_type.model()
    return None


def _update_body(record_type: RecordType) -> Schema:
    return schemas.shape({"ids": IDS, "values": schemas.values(record_type)})


@endpoint(
    "POST", "{type}/bulk-update",
    summary=gettext_lazy("Change many records alike"), verb="bulk", body=_update_body, result=OUTCOME,
)  # fmt: skip
def update_records(call: Call, record_type: RecordType) -> Answer:
    call.demand(record_type, "edit")
    given = values.taken(record_type, call.body["values"], call.user)
    outcome = _Outcome(call, record_type, "bulk_edit")
    found = _allowed(outcome, access.may_write, _("You may not change this record."))
    if found:
        rows = [(record, given) for record in found.values()]
        outcome.written(found, records.save_many(record_type, rows, user=call.user, batch=outcome.batch))
    return outcome.answer()


@endpoint(
    "POST", "{type}/bulk-delete",
    summary=gettext_lazy("Delete many records"), verb="bulk", body=schemas.shape({"ids": IDS}), result=OUTCOME,
)  # fmt: skip
def delete_records(call: Call, record_type: RecordType) -> Answer:
    call.demand(record_type, "delete")
    outcome = _Outcome(call, record_type, "bulk_delete")
    found = _allowed(outcome, access.may_delete, _("You may not delete this record."))
    for index, record in list(found.items()):
        if record_type.locked and getattr(record, record_type.locked):
            outcome.fail(
                index, {WHOLE_RECORD: [_("This record is locked and cannot be deleted.")]}, record.pk
            )
            del found[index]
    if found:
        links.load(record_type, list(found.values()))
        records.delete(record_type, found.values(), user=call.user, batch=outcome.batch)
    for index, record in found.items():
        outcome.note(index, DELETED, record.pk)
    return outcome.answer()


May = Callable[["RecordType", Any, Any], bool]


def _allowed(outcome: _Outcome, may: May, refusal: str) -> dict[int, Any]:
    """The records of the ids, once each, with which the caller may do this; the others have failed."""
    call, record_type = outcome.call, outcome.record_type
    wanted = list(dict.fromkeys(call.body["ids"]))
    there = records.visible(record_type, call.user).in_bulk(wanted)
    found: dict[int, Any] = {}
    for index, pk in enumerate(wanted):
        if pk not in there:
            outcome.fail(index, {WHOLE_RECORD: [_("There is no such record, or you may not see it.")]}, pk)
        elif not may(record_type, call.user, there[pk]):
            outcome.fail(index, {WHOLE_RECORD: [refusal]}, pk)
        else:
            found[index] = there[pk]
    return found
