"""The condition of a list as chips that read as sentences, and as the rows of the builder behind them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import conditions, links
from kariz.core.conditions import BadCondition
from kariz.core.fields import Field
from kariz.core.fieldtypes import FieldError
from kariz.core.operators import OPERATORS, Operator
from kariz.core.registry import RecordType
from kariz.web import inputs
from kariz.web.listing import Listing, written

PICKED = {"choice", "choices", "lookup", "user", "links"}
"""Inputs whose values are picked from a list, as keys or ids."""


@dataclass(frozen=True)
class Chip:
    """One part of the condition; `remove` is the address of the list without it."""

    text: str
    remove: str


def chips(listing: Listing) -> list[Chip]:
    parts = _parts(listing.where)
    names = named(listing.record_type, listing.where, listing.user)
    return [
        Chip(
            _sentence(listing.record_type, part, names),
            listing.address(where=written({"all": rest} if (rest := parts[:n] + parts[n + 1 :]) else None)),
        )
        for n, part in enumerate(parts)
    ]


def _parts(where: Any) -> list[Any]:
    """What must all be true."""
    if isinstance(where, Mapping) and isinstance(where.get("all"), list):
        return list(where["all"])
    return [where] if where else []


def _sentence(record_type: RecordType, part: Any, names: links.Names) -> str:
    try:
        return conditions.sentence(record_type, part, names)
    except BadCondition:
        return _("A condition that cannot be asked any more")


def named(record_type: RecordType, where: Any, user: User) -> links.Names:
    """The names of the records that a condition compares with, as far as this person may see them."""
    fields = record_type.all_fields
    leaves = (leaf for leaf in _leaves(where) if len(leaf) > 2 and isinstance(leaf[0], str))
    return inputs.names(
        ((fields[name], _flat(values)) for name, _operator, *values in leaves if name in fields), user
    )


def _leaves(where: Any) -> list[tuple[Any, ...]]:
    try:
        return list(conditions.leaves(where))
    except (TypeError, ValueError):
        return []


@dataclass
class Row:
    """One comparison of the builder, with its values as a person types them."""

    record_type: RecordType
    field: Field
    operator: Operator
    typed: list[Any] = dataclasses.field(default_factory=list)
    error: str = ""
    part: str = dataclasses.field(default_factory=lambda: f"row{token_hex(3)}")
    is_group = False

    @property
    def operators(self) -> list[Operator]:
        return [OPERATORS[name] for name in self.field.type.operators]

    @property
    def text(self) -> str:
        """All values in one box."""
        return (_(", ")).join(str(value) for value in self.typed)

    @property
    def second_part(self) -> str:
        return f"{self.part}-2"

    @property
    def low(self) -> Any:
        return self.typed[0] if self.typed else ""

    @property
    def high(self) -> Any:
        return self.typed[1] if len(self.typed) > 1 else ""

    @property
    def is_picked(self) -> bool:
        """Whether several values are ticked or looked up instead of written with commas between."""
        return self.operator.takes == "many" and self.field.type.input in PICKED


@dataclass
class Group:
    """Rows and groups of which all, or any, must be true."""

    match: str
    parts: list[Row | Group]
    is_group = True

    @property
    def has_errors(self) -> bool:
        return any(part.has_errors if isinstance(part, Group) else part.error for part in self.parts)


def row(record_type: RecordType, name: str = "", operator: str = "", typed: Sequence[Any] = ()) -> Row:
    """A row of the builder, on the first field and operator where the wanted ones are not there."""
    fields = conditions.askable(record_type)
    found = fields.get(name) or next(iter(fields.values()))
    wanted = operator if operator in found.type.operators else found.type.operators[0]
    return Row(record_type, found, OPERATORS[wanted], _flat(typed))


def _flat(values: Sequence[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def built(record_type: RecordType, where: Any, *, is_typed: bool = False) -> Group:
    """The rows of the builder for a stored condition, or for one as it was typed."""
    if isinstance(where, Mapping) and len(where) == 1 and next(iter(where)) in ("all", "any"):
        [(match, nodes)] = where.items()
        parts = [_part(record_type, node, is_typed) for node in nodes] if isinstance(nodes, list) else []
        return Group(match, [part for part in parts if part])
    part = _part(record_type, where, is_typed) if isinstance(where, list | tuple) else None
    return Group("all", [part] if part else [])


def _part(record_type: RecordType, node: Any, is_typed: bool) -> Row | Group | None:
    if isinstance(node, Mapping):
        return built(record_type, node, is_typed=is_typed)
    if (
        not isinstance(node, list | tuple)
        or len(node) < 2
        or node[0] not in list(conditions.askable(record_type))
    ):
        return None
    found = row(record_type, node[0], str(node[1]), node[2:])
    if not is_typed:
        found.typed = [_typed(found, value) for value in found.typed]
    return found


def _typed(row: Row, value: Any) -> Any:
    kind = row.field.type
    if row.operator.takes == "count" or kind.input in PICKED or kind.name in ("email", "phone", "url"):
        return str(value)
    try:
        return row.field.typed(kind.load(value))
    except FieldError:
        return str(value)


def parsed(record_type: RecordType, typed: Any) -> tuple[Any, Group]:
    """The stored condition of what the builder sent, and its rows with their errors."""
    group = built(record_type, typed, is_typed=True)
    return _stored(record_type, group), group


def _stored(record_type: RecordType, group: Group) -> dict[str, list[Any]] | None:
    nodes: list[Any] = []
    for part in group.parts:
        if isinstance(part, Group):
            inner = _stored(record_type, part)
            nodes += [inner] if inner else []
            continue
        try:
            nodes.append(
                conditions.parse_leaf(record_type, part.field.name, part.operator.name, _texts(part))
            )
        except (FieldError, BadCondition) as error:
            part.error = str(error)
    return {group.match: nodes} if nodes else None


def _texts(part: Row) -> list[Any]:
    """The typed values one by one; several in one box stand with commas between."""
    if part.operator.takes != "many" or part.is_picked:
        return part.typed
    texts = (text for value in part.typed for text in str(value).replace("،", ",").split(","))
    return [text.strip() for text in texts if text.strip()]
