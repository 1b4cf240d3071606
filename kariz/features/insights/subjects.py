"""The record types that have results: they are won or lost on a day, and bring something that can be added up."""

from __future__ import annotations

from kariz.accounts.models import User
from kariz.core import seen
from kariz.core.fields import Field
from kariz.core.registry import RecordType

OUTCOME, CLOSED, DAYS = "outcome", "closed_on", "cycle_days"
# What results are broken down by, where a type has it.
SPLITS = ("product", "owner", "source", "type", "loss_reason", "organization")


def readable(user: User) -> list[RecordType]:
    """The types with results that the user may read."""
    return [one for one in seen.every(user) if _has_results(one)]


def _has_results(record_type: RecordType) -> bool:
    return bool(record_type.totals) and {OUTCOME, CLOSED, DAYS} <= record_type.all_fields.keys()


def amount(record_type: RecordType) -> Field:
    """What is added up: the first total of the type."""
    return record_type.all_fields[record_type.totals[0]]


def splits(record_type: RecordType) -> list[Field]:
    """The fields by which results can be broken down, an administrator's own choices and links included."""
    fields = record_type.fields
    shipped = [fields[name] for name in SPLITS if name in fields]
    return shipped + [field for field in fields.values() if field.is_custom and field.type.is_groupable]
