"""The parameters of an address, by their declaration: numbers, yes or no, lists with commas; no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kariz.api import shapes
from kariz.api.problems import bad_query

if TYPE_CHECKING:
    from django.http import QueryDict

    from kariz.api.endpoints import Endpoint, Parameter

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def of(given: QueryDict, asked: Endpoint) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The declared parameters as values, and the others. Raises a `Problem`."""
    sent = {name: [str(value) for value in values] for name, values in given.lists()}
    for name, values in sent.items():
        if any("\x00" in text for text in (name, *values)):
            raise bad_query(name.replace("\x00", ""), _("This holds a character that no text has."))
    declared = {one.name for one in asked.query}
    others = {name: values for name, values in sent.items() if name not in declared}
    if others and not asked.takes_others:
        raise bad_query(next(iter(others)), _("There is nothing of this name here."))
    return read({name: sent[name] for name in sent if name in declared}, asked.query), others


def read(sent: Mapping[str, Sequence[str]], declared: Iterable[Parameter]) -> dict[str, Any]:
    """Each declared parameter that was sent, or that has a default, as its schema has it. Raises a `Problem`."""
    found: dict[str, Any] = {}
    known = {one.name: one for one in declared}
    for name in sent:
        if name not in known:
            raise bad_query(name, _("There is nothing of this name here."))
    for name, one in known.items():
        if name not in sent:
            if "default" in one.schema:
                found[name] = one.schema["default"]
            continue
        found[name] = _value(sent[name][-1], one.schema)
        if wrong := shapes.errors(found[name], one.schema):
            raise bad_query(name, next(iter(wrong.values()))[0])
    return found


def _value(text: str, schema: shapes.Schema) -> Any:
    kind = schema.get("type")
    if kind == "array":
        return [_value(part.strip(), schema["items"]) for part in text.split(",") if part.strip()]
    if kind == "boolean":
        return BOOLEANS.get(text.lower(), text)
    if kind == "integer":
        is_whole = text.lstrip("-").isascii() and text.lstrip("-").isdecimal() and len(text) < 20
        return int(text) if is_whole else text
    return text
