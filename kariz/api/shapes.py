"""Checks JSON against the few words of JSON Schema in which endpoints declare what they take.

What is documented is what is checked: both read the same declaration. `$ref` stands for the values of a record, which
their fields check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Schema = Mapping[str, Any]
Errors = Iterator[tuple[str, str]]

_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "null": lambda value: value is None,
}
NAMES = {
    "object": gettext_lazy("An object is needed."),
    "array": gettext_lazy("A list is needed."),
    "string": gettext_lazy("A text is needed."),
    "boolean": gettext_lazy("Say true or false."),
    "integer": gettext_lazy("A whole number is needed."),
    "number": gettext_lazy("A number is needed."),
    "null": gettext_lazy("Say null."),
}


def errors(value: Any, schema: Schema) -> dict[str, list[str]]:
    """What is wrong: the place (such as `items.3.id`, empty for the whole) → messages for people."""
    found: dict[str, list[str]] = {}
    for place, message in _errors(value, schema, ""):
        found.setdefault(place, []).append(message)
    return found


def _errors(value: Any, schema: Schema, place: str) -> Errors:
    kinds = _listed(schema.get("type", []))
    if "$ref" in schema:
        return
    if "anyOf" in schema:
        yield from _of_any(value, schema["anyOf"], place)
    elif kinds and not any(_TYPES[kind](value) for kind in kinds):
        yield place, str(NAMES[kinds[0]])
    elif "const" in schema or "enum" in schema:
        yield from _of_known(value, [schema["const"]] if "const" in schema else schema["enum"], place)
    elif check := _CHECKS.get(type(value)):
        yield from check(value, schema, place)


def _listed(kinds: Any) -> list[str]:
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _of_any(value: Any, schemas: list[Schema], place: str) -> Errors:
    tried = [list(_errors(value, one, place)) for one in schemas if not _is_other(value, one)]
    if not tried:
        yield place, " ".join(dict.fromkeys(str(NAMES[one["type"]]) for one in schemas if "type" in one))
    elif all(tried):
        yield from tried[0]


def _is_other(value: Any, schema: Schema) -> bool:
    """Whether the value is of another kind altogether."""
    if "$ref" in schema:
        return not isinstance(value, dict)
    return "type" in schema and not any(_TYPES[kind](value) for kind in _listed(schema["type"]))


def _of_known(value: Any, known: list[Any], place: str) -> Errors:
    if isinstance(value, bool) or value not in known:
        told = _(", ").join(str(one) for one in known)
        yield place, _("Choose from: %(choices)s.") % {"choices": told}


def _of_object(value: dict[str, Any], schema: Schema, place: str) -> Errors:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties", False)
    for name in schema.get("required", ()):
        if name not in value:
            yield _below(place, name), _("This is required.")
    for name, inside in value.items():
        if name in properties:
            yield from _errors(inside, properties[name], _below(place, name))
        elif isinstance(others, Mapping):
            yield from _errors(inside, others, _below(place, name))
        elif not others:
            yield _below(place, name), _("There is nothing of this name here.")


def _of_list(value: list[Any], schema: Schema, place: str) -> Errors:
    least, most = schema.get("minItems", 0), schema.get("maxItems", len(value))
    if not least <= len(value) <= most:
        yield place, _("Send %(least)s to %(most)s of them.") % {"least": least, "most": most}
        return
    for number, inside in enumerate(value if "items" in schema else ()):
        yield from _errors(inside, schema["items"], _below(place, str(number)))


def _of_text(value: str, schema: Schema, place: str) -> Errors:
    if len(value) > schema.get("maxLength", len(value)):
        yield place, _("%(most)s characters are the most.") % {"most": schema["maxLength"]}
    elif len(value) < schema.get("minLength", 0):
        yield place, _("This is required.")


def _of_number(value: float, schema: Schema, place: str) -> Errors:
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    if not least <= value <= most:
        told = _("Enter a number between %(least)s and %(most)s.")
        yield place, told % {"least": least, "most": most}


_CHECKS: dict[type, Callable[[Any, Schema, str], Errors]] = {
    dict: _of_object, list: _of_list, str: _of_text, int: _of_number, float: _of_number,
}  # fmt: skip


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
