"""Who is recorded already: the records that one may be, and requests that find their card or make it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import schemas, values
from kariz.api.endpoints import Answer, Call, endpoint
from kariz.core import access, choices, duplicates, records, registry

if TYPE_CHECKING:
    from kariz.api.shapes import Schema
    from kariz.core.registry import RecordType

CANDIDATE = schemas.shape(
    {
        "type": schemas.TEXT,
        "id": schemas.ID,
        "title": schemas.TEXT,
        "owner": schemas.nullable(schemas.ID),
        "score": schemas.NUMBER,
        "is_likely": schemas.YES_NO,
        "reasons": schemas.array(schemas.TEXT),
    }
)


def _recognises(record_type: RecordType) -> bool:
    return record_type.name in duplicates.shipped()


def _meets(record_type: RecordType) -> bool:
    """Whether requests of people are put on cards of this type: those that tell where somebody came from."""
    return _recognises(record_type) and "source" in record_type.fields


def _find_body(record_type: RecordType) -> Schema:
    known: dict[str, Schema] = {
        "values": schemas.values(record_type),
        "id": schemas.ID,
        "with_hints": schemas.YES_NO,
    }
    return schemas.shape(known, ("values",))


@endpoint(
    "POST", "{type}/duplicates",
    summary=gettext_lazy("Whom these values may belong to"),
    about=gettext_lazy("Writes nothing. “id” is the record whose values they are, if there is one."),
    verb="read", body=_find_body, result=schemas.shape({"items": schemas.array(CANDIDATE)}),
    fits=_recognises, is_write=False,
)  # fmt: skip
def find_duplicates(call: Call, record_type: RecordType) -> Answer:
    given = values.taken(record_type, call.body["values"], call.user)
    own = call.record(record_type, call.body["id"]) if "id" in call.body else None
    found = duplicates.find(
        record_type, given, call.user, record=own, types=[one.name for one in call.types()],
        hints=call.body.get("with_hints", False),
    )  # fmt: skip
    return Answer({"items": [_candidate(one) for one in found if call.may(one.record_type, "read")]})


def _candidate(one: duplicates.Candidate) -> dict[str, Any]:
    return {
        "type": one.record_type.name,
        "id": one.pk,
        "title": one.title,
        "owner": one.owner_id,
        "score": one.score,
        "is_likely": one.is_likely,
        "reasons": list(one.reasons),
    }


def _request_body(record_type: RecordType) -> Schema:
    keys = [one.key for one in choices.of(record_type.name, "source")]
    known: dict[str, Schema] = {
        "values": schemas.values(record_type),
        "source": {"type": "string", "enum": [*keys, ""]},
        "text": {"type": "string", "maxLength": 20_000},
    }
    return schemas.shape(known, ("values",))


@endpoint(
    "POST", "{type}/requests",
    summary=gettext_lazy("Put a request on the card of who asks"),
    about=gettext_lazy(
        "Somebody known by e-mail or phone keeps the card that is there; anybody else gets a new one. Which of both it"
        " was is told of cards that the caller sees, and to callers who see all of them; else the answer is 202 without"
        " an id."
    ),
    verb="create", body=_request_body,
    result=schemas.shape({
        "type": schemas.TEXT, "id": schemas.nullable(schemas.ID), "is_new": schemas.nullable(schemas.YES_NO),
    }),
    fits=_meets,
)  # fmt: skip
def take_request(call: Call, record_type: RecordType) -> Answer:
    given = values.taken(record_type, call.body["values"], call.user)
    if not any(given.values()):
        raise records.Invalid({"values": [_("Say who asks.")]})
    source = call.body.get("source", "")
    sees_all = _sees_all(call, record_type)
    if not sees_all:
        _check_alone(call, record_type, {"source": source, **given} if source else given)
    met = duplicates.match_or_create(
        record_type, given, source=source, text=call.body.get("text", ""), user=call.user
    )
    if not sees_all and (met.is_new or not _is_seen(call, met)):
        return Answer({"type": record_type.name, "id": None, "is_new": None}, status=202)
    headers = {"Kariz-Batch": str(met.batch.pk)} if met.batch else {}
    content = {"type": met.record_type.name, "id": met.record.pk, "is_new": met.is_new}
    return Answer(content, status=201 if met.is_new else 200, headers=headers)


def _sees_all(call: Call, record_type: RecordType) -> bool:
    """Whether the caller sees every card that a request may meet: then nothing is told that is not his to know."""
    rules = duplicates.shipped()
    family = rules[record_type.name].family
    types = [registry.get(name) for name, rule in rules.items() if rule.family == family]
    return all(call.may(one, "read") and access.sees_all(one, call.user) for one in types)


def _check_alone(call: Call, record_type: RecordType, given: Mapping[str, Any]) -> None:
    """Refuse what would make no new card, be there one or not: the refusal would tell which. Raises `Invalid`."""
    [errors] = records.refused(record_type, [(record_type.model(), given)], user=call.user)
    if errors:
        raise records.Invalid(errors)


def _is_seen(call: Call, met: duplicates.Met) -> bool:
    reads = call.may(met.record_type, "read")
    return reads and records.visible(met.record_type, call.user).filter(pk=met.record.pk).exists()
