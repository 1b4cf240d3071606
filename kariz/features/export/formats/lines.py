"""JSON lines: an object for each record, its id and fields by their names. Amounts keep all of their digits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kariz.features.export import forms
from kariz.features.export.formats.table import cells

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.features.export.formats.table import Read, Table
    from kariz.features.export.rows import Chunk


class JSONLines:
    def __init__(self, table: Table) -> None:
        self.columns: list[tuple[str, Read[Any]]] = [(field.name, _plain(field)) for field in table.fields]
        self.keys = [json.dumps(name) for name in ("id", *(field.name for field in table.fields))]

    def head(self) -> bytes:
        return b""

    def rows(self, chunk: Chunk) -> bytes:
        lines = []
        for record, values in zip(chunk.records, cells(chunk, self.columns, None), strict=True):
            pairs = zip(self.keys, (record.pk, *values), strict=True)
            lines.append("{" + ", ".join(f"{key}: {_json(value)}" for key, value in pairs) + "}\n")
        return "".join(lines).encode()

    def end(self) -> Iterator[bytes]:
        return iter(())


def _plain(field: Field) -> Read[Any]:
    if field.target:
        is_list = field.type.name == "links"
        return lambda record, names: _one_or_all(forms.linked(field, record, names), is_list=is_list)
    if field.type.is_number:
        return lambda record, names: field.get(record)
    return lambda record, names: field.type.store(field.get(record))


def _one_or_all(names: list[str], *, is_list: bool) -> Any:
    return names if is_list else names[0] if names else None


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return json.dumps(value, ensure_ascii=False)
