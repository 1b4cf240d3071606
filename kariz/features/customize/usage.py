"""How much a field is used: which ones are empty, half empty or full."""

from __future__ import annotations

from dataclasses import dataclass

from kariz.core import records
from kariz.core.fields import Field
from kariz.core.registry import RecordType

FILLED = ("not_empty", "not_empty_list", "some_links", "yes")


@dataclass(frozen=True)
class Usage:
    count: int
    total: int


def of(record_type: RecordType, field: Field) -> Usage:
    """How many of all records have a value. Two counts over the whole table, so only when somebody asks."""
    operator = next(name for name in FILLED if name in field.type.operators)
    everything = records.visible(record_type, None).order_by()
    return Usage(
        records.visible(record_type, None, where=[field.name, operator]).order_by().count(),
        everything.count(),
    )
