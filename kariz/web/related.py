"""What the lists of a record page do beyond showing related records: lead to all of them, add, link and let go."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kariz.accounts.models import User
from kariz.core import links, records, registry
from kariz.core.models import Record
from kariz.core.registry import RecordType
from kariz.core.related import Relation, condition
from kariz.web import saving
from kariz.web.listing import address_of, written

SHOWN = 20


def all_url(relation: Relation, record: Record) -> str:
    """The list of the related type, filtered to these records; none for a record's own links, which no filter names."""
    if relation.is_own:
        return ""
    return address_of(relation.record_type, {"where": written({"all": [condition(relation, record)]})})


def add_query(relation: Relation, record: Record) -> str:
    """What the form of a new related record starts with."""
    return "" if relation.is_own else f"?{relation.field.name}={record.pk}"


def lookup_url(relation: Relation) -> str:
    """Where the box that links a record finds its suggestions."""
    url = reverse("web:lookup", args=[relation.field.record_type])
    return f"{url}?field={relation.field.name}" if relation.is_own else url


def link(relation: Relation, record: Record, other: int, user: User, *, on: bool) -> Any:
    """Let a record that is there join or leave the list; the batch of it. Raises what `records.save` raises."""
    holder_type, holder, target = _ends(relation, record, other, user)
    links.load(holder_type, [holder])
    held = set(relation.field.get(holder))
    wanted = held | {target} if on else held - {target}
    _saved, batch = saving.save(holder_type, holder, {relation.field.name: sorted(wanted)}, user=user)
    return batch


def _ends(relation: Relation, record: Record, other: int, user: User) -> tuple[RecordType, Record, int]:
    """The record whose field holds the links, and the id that it shall hold. Raises `DoesNotExist`."""
    if relation.is_own:
        return registry.of(record), record, other
    return relation.record_type, records.visible(relation.record_type, user).get(pk=other), record.pk
