"""What there is to know of record types, asked once for a while, and records with the names of what they link to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from kariz.client import Kariz, Record
from kariz.client.metadata import Choice, Description, Kind

FRESH = 60.0  # seconds: administrators change fields seldom
T = TypeVar("T")


class Knowledge:
    def __init__(self, kariz: Kariz) -> None:
        self._kariz = kariz
        self._kept: dict[tuple[str, ...], tuple[float, Any]] = {}

    def kinds(self) -> Sequence[Kind]:
        return self._fresh(("kinds",), self._kariz.types)

    def of(self, type_name: str) -> Description:
        return self._fresh(("type", type_name), self._kariz.type(type_name).describe)

    def choices(self, type_name: str, field: str) -> Sequence[Choice]:
        return self._fresh(("choices", type_name, field), partial(self._kariz.type(type_name).choices, field))

    def links(self, type_name: str, fields: Sequence[str]) -> list[str]:
        """Those of the fields, of all where none is named, that link to records."""
        known = self.of(type_name).fields
        return [one.name for one in known if one.target and (not fields or one.name in fields)]

    def row(self, record: Record) -> dict[str, Any]:
        """What a record holds; links with the names of the records that they lead to, as far as those are seen."""
        titles = {kind.name: kind.title for kind in self.kinds()}
        targets = {one.name: one.target for one in self.of(record.type).fields if one.target}
        named = {
            name: _named(record.fields.get(name), found, titles.get(targets.get(name) or "", "name"))
            for name, found in record.expanded.items()
        }
        held = {name: value for name, value in {**record.fields, **named}.items() if value not in ([], {})}
        return {"id": record.id, "version": record.version, **held}

    def _fresh(self, key: tuple[str, ...], ask: Callable[[], T]) -> T:
        at, found = self._kept.get(key, (0.0, None))
        if found is None or time.monotonic() - at > FRESH:
            found = ask()
            self._kept[key] = (time.monotonic(), found)
        kept: T = found
        return kept


def _named(value: Any, found: Any, title: str) -> Any:
    """A link, or several, with the name of each record that was found."""
    rows = found if isinstance(found, list) else [found] if found else []
    names = {row["id"]: row.get(title) for row in rows}
    if isinstance(value, list):
        return [{"id": pk, "name": names.get(pk)} for pk in value]
    return {"id": value, "name": names.get(value)} if value else None


def plainly(field: Any) -> Mapping[str, Any]:
    """A field as it is described, in what is out of the ordinary."""
    marks = {name: True for name in ("is_required", "is_readonly", "is_custom") if getattr(field, name)}
    told = {"target": field.target, "depends_on": field.depends_on, "help": field.help}
    return {"name": field.name, "label": field.label, "type": field.type, **marks, **told}
