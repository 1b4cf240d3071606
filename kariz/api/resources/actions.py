"""Actions: what can be done to a record now, and doing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.accounts.models import User
from kariz.api import schemas, shapes, values
from kariz.api.endpoints import Answer, Call, Variant, endpoint
from kariz.api.problems import Problem
from kariz.api.resources.types import ACTION
from kariz.core import access, actions, changes, records, registry
from kariz.core.models import ChangeBatch
from kariz.core.records import Forbidden, Invalid

if TYPE_CHECKING:
    from kariz.api.shapes import Schema
    from kariz.core.actions import Action, Parameter
    from kariz.core.registry import RecordType

NAMED = schemas.shape({"type": schemas.TEXT, "id": schemas.ID, "kind": schemas.TEXT})
DONE = schemas.shape({"batch": schemas.nullable(schemas.ID), "changes": schemas.array(NAMED)})
LISTED = 100


@endpoint(
    "GET", "{type}/{id}/actions",
    summary=gettext_lazy("What can be done to a record now"), verb="read",
    result=schemas.shape({"items": schemas.array(ACTION)}),
)  # fmt: skip
def list_actions(call: Call, record_type: RecordType, pk: int) -> Answer:
    record = call.record(record_type, pk)
    may = access.may_write(record_type, call.user, record)
    offered = [one for one in actions.of(record_type, record) if one.allowed(call.user)]
    found = [one for one in offered if may and call.may(record_type, _verb(one.name))]
    return Answer({"items": [{"name": one.name, "label": str(one.label)} for one in found]})


def _verb(name: str) -> str:
    """What the caller must be allowed to do for an action: the verb of its name, else to edit."""
    return name if name in access.VERBS else "edit"


def body_of(action: Action) -> Schema:
    """What an action may be told."""
    known = {one.name: _schema(one) for one in action.parameters}
    return schemas.shape(known, [one.name for one in action.parameters if one.is_required])


def _schema(parameter: Parameter) -> Schema:
    ways: list[Schema] = [schemas.ID] if parameter.record else []
    ways += [schemas.values(registry.get(parameter.values))] if parameter.values else []
    ways += [parameter.schema] if parameter.schema else []
    ways += [{"type": "null"}] if parameter.may_be_null else []
    return ways[0] if len(ways) == 1 else {"anyOf": ways}


def _variants(record_type: RecordType) -> Iterator[Variant]:
    for one in actions.of(record_type):
        yield Variant(one.name, one.label, body_of(one))


@endpoint(
    "POST", "{type}/{id}/actions/{name}",
    summary=gettext_lazy("Do something to a record"), verb="read", variants=_variants,
    body={"type": "object", "additionalProperties": True}, result=DONE,
)  # fmt: skip
def run_action(call: Call, record_type: RecordType, pk: int, name: str) -> Answer:
    action = next((one for one in actions.of(record_type) if one.name == name), None)
    if action is None or not action.allowed(call.user):
        raise Http404
    _demand(call, record_type, action)
    record = call.record(record_type, pk)
    if not access.may_write(record_type, call.user, record):
        raise Forbidden(_("You may not change this record."))
    if not action.fits(record):
        raise Problem(422, "does_not_fit", _("This cannot be done to the record as it is now."))
    told = _told(call, action)
    newest = changes.history(record_type, pk).values_list("pk", flat=True).first() or 0
    made = actions.run(name, record_type, record, user=call.user, **told)
    batch = _batch_of(made) or _batch_since(record_type, pk, newest)
    headers = {"Kariz-Batch": str(batch.pk)} if batch else {}
    return Answer({"batch": batch.pk if batch else None, "changes": _named(batch)}, headers=headers)


def _demand(call: Call, record_type: RecordType, action: Action) -> None:
    """The caller may do this, and the token covers it with all that is made on the way. Raises a `Problem`."""
    verb = _verb(action.name)
    call.demand(record_type, verb)
    if action.allowed is not actions.anybody:  # what only some people may do is more than any verb says
        call.demand_everything()
    if verb != action.name:  # a verb of its own says what it makes
        for made in filter(None, (one.values for one in action.parameters)):
            call.demand_scope(registry.get(made), "create")


def _told(call: Call, action: Action) -> dict[str, Any]:
    """The parameters as the action takes them. Raises `Invalid`."""
    if wrong := shapes.errors(call.body, body_of(action)):
        raise Invalid(wrong)
    known = {one.name: one for one in action.parameters}
    return {name: _read(call, known[name], raw) for name, raw in call.body.items()}


def _read(call: Call, parameter: Parameter, raw: Any) -> Any:
    if parameter.values and isinstance(raw, dict):
        try:
            return values.taken(registry.get(parameter.values), raw, call.user)
        except Invalid as error:
            raise Invalid({f"{parameter.name}.{name}": told for name, told in error.errors.items()}) from None
    if parameter.record and isinstance(raw, int):
        return _record(call, parameter, raw)
    return raw


def _record(call: Call, parameter: Parameter, pk: int) -> Any:
    """The record, or the active user, of this id. Raises `Invalid`."""
    if parameter.record == "user":
        found: Any = User.objects.filter(is_active=True, pk=pk).first()
    else:
        found = records.visible(registry.get(parameter.record), call.user).filter(pk=pk).first()
    if found is None:
        raise Invalid({parameter.name: [_("The linked record does not exist, or you may not see it.")]})
    return found


def _batch_of(made: Any) -> ChangeBatch | None:
    found = made if isinstance(made, ChangeBatch) else getattr(made, "batch", None)
    return found if isinstance(found, ChangeBatch) else None


def _batch_since(record_type: RecordType, pk: int, newest: int) -> ChangeBatch | None:
    """The batch of what has just happened to the record."""
    change = changes.history(record_type, pk).filter(pk__gt=newest).first()
    return change.batch if change else None


def _named(batch: ChangeBatch | None) -> list[dict[str, Any]]:
    """The records that the batch made, changed or deleted."""
    if batch is None:
        return []
    found = batch.changes.order_by("pk").values_list("record_type", "record_id", "kind")[:LISTED]
    return [{"type": kind, "id": pk, "kind": what} for kind, pk, what in found]
