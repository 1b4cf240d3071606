"""The OpenAPI document in words: for each operation what it takes and gives, a line a value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Schema = Mapping[str, Any]
MOST_CHOICES = 12
WORDS = {
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "number": gettext_lazy("number"),
    "boolean": gettext_lazy("true or false"),
    "object": gettext_lazy("object"),
    "array": gettext_lazy("list"),
    "null": gettext_lazy("null"),
}
EXAMPLES: Mapping[str, Any] = {
    "string": "",
    "integer": 1,
    "number": 1,
    "boolean": True,
    "array": [],
    "object": {},
}


@dataclass(frozen=True)
class Line:
    """One value: its name, what it is called, what it can be."""

    name: str
    kind: str
    label: str = ""
    about: str = ""
    is_required: bool = False


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    about: str
    places: list[Line] = field(default_factory=list)
    """The parts of the address that are to be filled in."""
    query: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    example: str = ""
    answer: list[Line] = field(default_factory=list)
    takes_file: bool = False


def operations(document: Mapping[str, Any], tag: str) -> list[Operation]:
    """Those of a record type; with an empty tag those of none."""
    root = document["servers"][0]["url"]
    known = document["components"]["schemas"]
    return [
        _operation(root + path, method, said, known)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
        if said.get("tags", [""])[0] == tag
    ]


def _operation(path: str, method: str, said: Mapping[str, Any], known: Mapping[str, Schema]) -> Operation:
    content = said.get("requestBody", {}).get("content", {})
    body = _resolved(content.get("application/json", {}).get("schema", {}), known)
    answer = (
        next(iter(said["responses"].values()))
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
    )
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        about=said.get("description", ""),
        places=list(_parameters(said, "path")),
        query=list(_parameters(said, "query")),
        body=list(_lines(body, known)),
        example=json.dumps(_example(body, known), indent=2, ensure_ascii=False) if body else "",
        answer=list(_lines(_resolved(answer, known), known)),
        takes_file="multipart/form-data" in content,
    )


def _parameters(said: Mapping[str, Any], place: str) -> Iterator[Line]:
    for one in said["parameters"]:
        if one["in"] == place:
            yield Line(
                one["name"], _kind(one["schema"], {}), about=one.get("description", ""),
                is_required=one.get("required", False),
            )  # fmt: skip


def _resolved(schema: Schema, known: Mapping[str, Schema]) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    return known[name] if name else schema


def _lines(schema: Schema, known: Mapping[str, Schema]) -> Iterator[Line]:
    for name, one in schema.get("properties", {}).items():
        yield Line(
            name,
            _kind(one, known),
            one.get("title", ""),
            one.get("description", ""),
            name in schema.get("required", ()),
        )


def _kind(schema: Schema, known: Mapping[str, Schema]) -> str:
    """What a value can be, in words."""
    if "$ref" in schema:
        return str(_resolved(schema, known).get("title") or WORDS["object"])
    if "enum" in schema:
        keys = [str(one) for one in schema["enum"] if one not in ("", None)]
        more = " …" if len(keys) > MOST_CHOICES else ""
        return " | ".join(keys[:MOST_CHOICES]) + more
    if "anyOf" in schema:
        return _(" or ").join(_kind(one, known) for one in schema["anyOf"])
    kinds = schema.get("type", [])
    listed = [kinds] if isinstance(kinds, str) else list(kinds)
    words = _(" or ").join(str(WORDS[one]) for one in listed if one != "null" or len(listed) == 1)
    if "array" in listed and "items" in schema:
        return _("list of %(kind)s") % {"kind": _kind(schema["items"], known)}
    return f"{words} ({schema['format']})" if "format" in schema else words


def _example(schema: Schema, known: Mapping[str, Schema]) -> Any:
    """The least that can be sent."""
    schema = _resolved(schema, known)
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], known)
    if "enum" in schema:
        return schema["enum"][0]
    if "properties" in schema:
        return {name: _example(schema["properties"][name], known) for name in schema.get("required", ())}
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "array" and "items" in schema and schema.get("minItems"):
        return [_example(schema["items"], known)]
    return EXAMPLES.get(kind)
