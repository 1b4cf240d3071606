"""Of which records the health is told: those of every type that people work on, as long as they do."""

from __future__ import annotations

from typing import Any

from kariz.accounts.models import User
from kariz.core import seen
from kariz.core.fields import Field
from kariz.core.registry import RecordType


def readable(user: User) -> list[RecordType]:
    """The types that have something to be healthy about, as far as the user may read them."""
    return [one for one in seen.every(user) if _is_worked_on(one)]


def _is_worked_on(record_type: RecordType) -> bool:
    return bool(record_type.path or record_type.expected_fields or of_kind(record_type, "phone", "email"))


def alive(record_type: RecordType) -> list[Any]:
    """The conditions under which a record is still worked on: open where it can be closed, and not locked."""
    fields = record_type.all_fields
    if "is_open" in fields:
        return [["is_open", "yes"]]
    return [[record_type.locked, "no"]] if record_type.locked in fields else []


def of_kind(record_type: RecordType, *kinds: str) -> list[Field]:
    """The visible fields of these types, custom ones included."""
    return [field for field in record_type.fields.values() if field.type.name in kinds]
