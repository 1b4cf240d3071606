"""The OpenAPI 3.1 document of this site as one caller may use it, made from the declarations that requests go by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kariz.api import endpoints, schemas
from kariz.api.endpoints import ROOT, Endpoint, Variant, made
from kariz.core import access, registry

if TYPE_CHECKING:
    from kariz.api.endpoints import Call
    from kariz.api.shapes import Schema
    from kariz.core.registry import RecordType

PERSON = schemas.shape({"id": schemas.ID, "name": schemas.TEXT, "is_active": schemas.YES_NO})
ERROR = schemas.shape(
    {
        "error": schemas.shape(
            {
                "code": schemas.TEXT,
                "message": schemas.TEXT,
                "fields": {"type": "object", "additionalProperties": schemas.array(schemas.TEXT)},
                "items": schemas.array({"type": "object"}),
            },
            ("code", "message"),
        )
    }
)
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[A-Za-z0-9_.:-]+$"},
}

Scheme = Callable[["Call"], dict[str, Any]]
_schemes: dict[str, Scheme] = {}


def secured_by(name: str, scheme: Scheme) -> None:
    """Have the document tell of one more way to come in."""
    _schemes[name] = scheme


def document(call: Call) -> dict[str, Any]:
    types = call.types()
    paths: dict[str, dict[str, Any]] = {}
    for one in endpoints.every():
        for path, method, operation in _operations(call, one, types):
            paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kariz",
            "version": "1",
            "description": _(
                "Every record type of this site, custom fields included, as far as you may use it."
            ),
        },
        "servers": [{"url": ROOT.removesuffix("/")}],
        "security": [{name: []} for name in ("token", "session", *_schemes)],
        "tags": [{"name": one.name, "description": str(one.plural)} for one in types],
        "paths": paths,
        "components": {
            "schemas": {"Error": ERROR, "Person": PERSON, **_components(call, types)},
            "responses": {"Error": _content(_("What is wrong."), schemas.component("Error"))},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "kariz_session"},
                **{name: scheme(call) for name, scheme in _schemes.items()},
            },
        },
    }


def _components(call: Call, types: list[RecordType]) -> dict[str, Schema]:
    """The schemas of the records of each type: as they are read, as they are made, as they are changed."""
    found: dict[str, Schema] = {}
    for one in registry.every():
        name = schemas.name_of(one)
        if one not in types:
            found[f"{name}Values"] = {"type": "object"}  # actions of other types may make such records
            continue
        writable = access.writable(one, call.user)
        given = schemas.of_values(one, writable)
        found[name] = schemas.of_record(one, access.readable(one, call.user))
        found[f"{name}Values"] = given
        found[f"{name}Changes"] = {
            **given,
            "properties": {**given["properties"], "version": {"type": "integer"}},
        }
    return found


def _operations(
    call: Call, one: Endpoint, types: list[RecordType]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    method = one.method.lower()
    if "{type}" not in one.path:
        yield f"/{one.path}", method, _operation(one, None)
        return
    for record_type in types:
        if not one.fits(record_type) or not call.may(record_type, one.verb or "read"):
            continue
        path = "/" + one.path.replace("{type}", record_type.name)
        if one.variants is None:
            yield path, method, _operation(one, record_type)
            continue
        for variant in one.variants(record_type):
            yield path.replace("{name}", variant.value), method, _operation(one, record_type, variant)


def _operation(
    one: Endpoint, record_type: RecordType | None, variant: Variant | None = None
) -> dict[str, Any]:
    names = [one.name, record_type.name if record_type else "", variant.value if variant else ""]
    found: dict[str, Any] = {
        "operationId": "_".join(name for name in names if name),
        "summary": str(variant.summary if variant else one.summary),
        "parameters": list(_parameters(one, is_named=variant is not None)),
        "responses": {
            str(one.status): _answer(one, record_type),
            "4XX": {"$ref": "#/components/responses/Error"},
        },
    }
    if one.is_write and one.status == HTTPStatus.OK:
        for status in ("201", "202"):
            found["responses"][status] = found["responses"]["200"]
    if one.about:
        found["description"] = str(one.about)
    if record_type is not None:
        found["tags"] = [record_type.name]
    body = _body(one, record_type, variant)
    return found | ({"requestBody": body} if body else {})


def _parameters(one: Endpoint, *, is_named: bool) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", one.path):
        if name == "type" or (name == "name" and is_named):
            continue
        schema = (
            schemas.ID if name == "id" else {"type": "string", "pattern": "^[a-z0-9_-]+$", "maxLength": 80}
        )
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    for parameter in one.query if not one.file else ():
        found: dict[str, Any] = {"name": parameter.name, "in": "query", "schema": parameter.schema}
        if parameter.schema.get("type") == "array":
            found |= {"style": "form", "explode": False}
        yield found | ({"description": str(parameter.about)} if parameter.about else {})
    if one.is_write:
        yield IDEMPOTENCY


def _body(one: Endpoint, record_type: RecordType | None, variant: Variant | None) -> dict[str, Any] | None:
    if one.file:
        properties: dict[str, Schema] = {
            one.file: {"type": "string", "contentMediaType": "application/octet-stream"}
        }
        properties |= {parameter.name: parameter.schema for parameter in one.query}
        return {
            "required": True,
            "content": {"multipart/form-data": {"schema": schemas.shape(properties, [one.file])}},
        }
    if one.body is None:
        return None
    schema = variant.body if variant else made(one.body, record_type)
    return {"required": bool(schema.get("required")), "content": {"application/json": {"schema": schema}}}


def _answer(one: Endpoint, record_type: RecordType | None) -> Mapping[str, Any]:
    if one.result is None:
        return {"description": str(one.summary), "content": {one.media: {}}}
    return _content(str(one.summary), made(one.result, record_type))


def _content(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
