"""Which records are asked for: a condition as JSON, plain `field=value`, or both, on fields that one may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kariz.api import bodies
from kariz.api.problems import bad_query
from kariz.api.queries import BOOLEANS
from kariz.core import access, conditions, marks
from kariz.core.conditions import BadCondition

if TYPE_CHECKING:
    from kariz.api.endpoints import Call
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType


def checked(call: Call, record_type: RecordType, where: Any) -> Any:
    """A condition that this caller may ask. Raises `BadCondition`."""
    conditions.check(record_type, where)
    known = askable(call, record_type)
    for leaf in conditions.leaves(where):
        if leaf[0] not in known:
            raise BadCondition(_("There is no field “%(name)s”.") % {"name": leaf[0]})
    return where


def askable(call: Call, record_type: RecordType) -> dict[str, Field]:
    """What this caller may compare in a condition, by name."""
    return {**access.readable(record_type, call.user), **marks.of(record_type)}


def asked(call: Call, record_type: RecordType) -> Any:
    """The condition of the address: `where`, and every `field=value` beside it."""
    parts = [_equal(call, record_type, name, values) for name, values in call.others.items()]
    if text := call.query.get("where"):
        parts.append(checked(call, record_type, bodies.parse(text)))
    parts = [part for part in parts if part]
    return {"all": parts} if parts else None


def _equal(call: Call, record_type: RecordType, name: str, values: Sequence[str]) -> Any:
    known = askable(call, record_type)
    if name not in known:
        raise bad_query(name, _("There is no field “%(name)s”.") % {"name": name})
    nodes = [_leaf(known[name], value) for value in dict.fromkeys(values)]
    return checked(call, record_type, nodes[0] if len(nodes) == 1 else {"any": nodes})


_EMPTY = {"choices": "empty_list", "links": "no_links"}
_HOLDING: Mapping[str, str] = {"choices": "has_any", "links": "links_any", "long_text": "contains"}


def _leaf(field: Field, value: str) -> list[Any]:
    kind = field.type.name
    if kind == "yes_no":
        if value.lower() not in BOOLEANS:
            raise bad_query(field.name, _("Say true or false."))
        return [field.name, "yes" if BOOLEANS[value.lower()] else "no"]
    if value == "":
        return [field.name, _EMPTY.get(kind, "empty")]
    operator = _HOLDING.get(kind, "is")
    return [field.name, operator, [value] if kind in _EMPTY else value]
