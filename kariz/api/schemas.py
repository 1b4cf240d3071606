"""What records and answers look like, as JSON Schema made from the registry: custom fields and rights included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kariz.core import choices
from kariz.core.fieldtypes.links import LARGEST_ID

if TYPE_CHECKING:
    from kariz.api.shapes import Schema
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
YES_NO: Schema = {"type": "boolean"}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
MOMENT: Schema = {"type": "string", "format": "date-time"}
PERSON: Schema = {"$ref": "#/components/schemas/Person"}
DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
MOST_CHOICES = 60
"""Beyond so many, the choices are left to their own endpoint."""


def shape(properties: dict[str, Schema], required: Iterable[str] | None = None) -> Schema:
    """An object with these properties, all of them required unless said otherwise, and no others."""
    names = list(properties if required is None else required)
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": names} if names else {})


def array(items: Schema, **limits: int) -> Schema:
    return {"type": "array", "items": items, **limits}


def nullable(schema: Schema) -> Schema:
    if "type" in schema and "enum" not in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return {**schema, "type": [*kinds, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def component(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def name_of(record_type: RecordType) -> str:
    """The name of the schema of this type's records: `Lead`."""
    return "".join(part.capitalize() for part in record_type.name.split("_"))


def record(record_type: RecordType) -> Schema:
    return component(name_of(record_type))


def values(record_type: RecordType) -> Schema:
    """What to say of a record: any of its fields."""
    return component(f"{name_of(record_type)}Values")


def changes(record_type: RecordType) -> Schema:
    """The same with the version that the caller has read."""
    return component(f"{name_of(record_type)}Changes")


def page(items: Schema) -> Schema:
    """Some of a long list, and where it goes on."""
    return shape({"items": array(items), "next": nullable(TEXT)})


def records_page(record_type: RecordType) -> Schema:
    properties: dict[str, Schema] = {
        "items": array(record(record_type)),
        "next": nullable(TEXT),
        "previous": nullable(TEXT),
        "count": NUMBER,
        "count_is_capped": YES_NO,
    }
    return shape(properties, ("items", "next", "previous"))


def of_record(record_type: RecordType, readable: dict[str, Field]) -> Schema:
    properties: dict[str, Schema] = {"id": ID, "version": NUMBER}
    properties |= {name: read(field) for name, field in readable.items()}
    properties["_expanded"] = {"type": "object"}
    return {**shape(properties, ("id", "version")), "title": str(record_type.label)}


def of_values(record_type: RecordType, writable: dict[str, Field]) -> Schema:
    properties = {name: written(field) for name, field in writable.items()}
    return {**shape(properties, ()), "title": str(record_type.label)}


def read(field: Field) -> Schema:
    """A value as it is given."""
    schema: dict[str, Any] = dict(field.type.schema)
    if field.type.is_number:
        schema = {"type": "string", "format": "decimal"}
    if field.type.name in ("email", "url"):
        schema = {"type": "string"}  # what is kept may be older than the check
    return _described(nullable(schema), field)


def written(field: Field) -> Schema:
    """A value as it is taken; null empties the field."""
    if field.type.is_number:
        return _described(
            {"anyOf": [{"type": "number"}, {"type": "string", "pattern": DECIMAL}, {"type": "null"}]}, field
        )
    schema: dict[str, Any] = dict(field.type.schema)
    if keys := _keys(field):
        if field.type.name == "choice":
            schema = {"type": ["string", "null"], "enum": [*keys, "", None]}
            return _described(schema, field)
        schema["items"] = {"type": "string", "enum": keys}
    if field.type.schema["type"] == "string" and "format" not in schema:
        schema["maxLength"] = field.max_length
    if field.target:
        schema = array(ID) if field.type.name == "links" else dict(ID)  # type: ignore[assignment]
    return _described(nullable(schema), field)


def _keys(field: Field) -> list[str]:
    if field.type.name not in ("choice", "choices"):
        return []
    keys = dict.fromkeys(one.key for one in choices.of(field.record_type, field.name))
    return list(keys) if len(keys) <= MOST_CHOICES else []


def _described(schema: Schema, field: Field) -> Schema:
    found = {**schema, "title": str(field.label)}
    if field.help:
        found["description"] = str(field.help)
    if field.target:
        found["x-target"] = field.target
    return found
