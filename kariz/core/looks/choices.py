"""Whether every choice that records have is one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from kariz.accounts import company
from kariz.core import choices as known_choices
from kariz.core import doctor, picklists, registry
from kariz.core.doctor import Finding
from kariz.core.fields import Field
from kariz.core.models import Choice
from kariz.core.registry import RecordType


@doctor.look
def choices() -> Iterator[Finding]:
    for record_type in registry.every():
        for field in record_type.all_fields.values():
            if field.type.name in ("choice", "choices"):
                for key in sorted(_unknown_keys(record_type, field)):
                    message = f"Records have the {record_type.name} {field.name} {key!r}, which is no choice."
                    yield Finding("missing_choice", message, 1, partial(_bring_back, record_type, field, key))


def _unknown_keys(record_type: RecordType, field: Field) -> set[str]:
    known = {choice.key for choice in known_choices.of(record_type.name, field.name, hidden=True)}
    used: set[str] = set()
    values = record_type.model.objects.order_by().values_list(field.expression, flat=True).distinct()
    for value in values.iterator():
        used.update(_keys(value))
    return used - known


def _keys(value: Any) -> list[str]:
    """The keys in what a query gives of a choice field: a key, a list, or a list as JSON text."""
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else [value]
    return [key for key in value or [] if key]


def _bring_back(record_type: RecordType, field: Field, key: str) -> None:
    """A removed choice returns; one that was never there comes hidden, under its key."""
    removed = known_choices.find(record_type.name, field.name, key)
    if removed:
        picklists.restore_choice(removed)
        return
    Choice.objects.create(record_type=record_type.name, field=field.name, key=key, label=key, is_hidden=True)
    company.touch()
