"""What can come to differ behind the doors' back: finds it, and puts it right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kariz.accounts import company
from kariz.accounts.models import User
from kariz.core import choices, fulltext, indexes, picklists, registry, search
from kariz.core.fields import Field
from kariz.core.models import Choice, Link, SearchRow
from kariz.core.registry import RecordType

AT_ONCE = 1000


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, how often, and what puts it right."""

    name: str
    message: str
    count: int
    repair: Callable[[], Any]


Look = Callable[[], Iterator[Finding]]
_looks: list[Look] = []


def look(function: Look) -> Look:
    """Register what else is examined: a capability looks after what it keeps of records."""
    _looks.append(function)
    return function


def examine() -> Iterator[Finding]:
    """Everything that is wrong, as it is found."""
    for one in (_search_rows, _lost_search_rows, _full_text, _lost_links, _indexes, _choices, *_looks):
        yield from one()


def _search_rows() -> Iterator[Finding]:
    for record_type in registry.every():
        wrong = [
            record.pk for chunk in chunks(record_type) for record in search.differing(record_type, chunk)
        ]
        if wrong:
            message = f"Search does not know {len(wrong)} {record_type.name} records as they are."
            yield Finding("search_rows", message, len(wrong), partial(_write_search_rows, record_type, wrong))


def chunks(record_type: RecordType) -> Iterator[list[Any]]:
    """All records of a type, some at a time."""
    last = 0
    while chunk := list(record_type.model.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield chunk
        last = chunk[-1].pk


def _write_search_rows(record_type: RecordType, ids: list[int]) -> None:
    for start in range(0, len(ids), AT_ONCE):
        search.write(record_type, list(record_type.model.objects.filter(pk__in=ids[start : start + AT_ONCE])))


def _lost_search_rows() -> Iterator[Finding]:
    lost = orphans(SearchRow.objects.all(), "record_type", "record_id")
    if count := lost.count():
        yield Finding(
            "lost_search_rows", f"Search still knows {count} records that are gone.", count, lost.delete
        )


def orphans(rows: QuerySet[Any], type_column: str, id_column: str) -> QuerySet[Any]:
    """The rows that name a record that is not there."""
    there = Q()
    for name, model in _models().items():
        there |= Q(**{type_column: name}) & Q(Exists(model.objects.filter(pk=OuterRef(id_column))))
    return rows.exclude(there)


def _models() -> dict[str, Any]:
    return {record_type.name: record_type.model for record_type in registry.every()} | {"user": User}


def _full_text() -> Iterator[Finding]:
    if not fulltext.is_true():
        yield Finding("full_text", "The full-text index differs from the search rows.", 1, fulltext.rebuild)


def _lost_links() -> Iterator[Finding]:
    links = Link.objects.all()
    lost = orphans(links, "record_type", "record_id") | orphans(links, "target_type", "target_id")
    if count := lost.count():
        yield Finding(
            "lost_links", f"{count} links lead to or from records that are gone.", count, lost.delete
        )


def _indexes() -> Iterator[Finding]:
    for setting in indexes.missing():
        message = f"The index of the custom field {setting} is missing."
        yield Finding("missing_index", message, 1, partial(indexes.make, setting))


def _choices() -> Iterator[Finding]:
    for record_type in registry.every():
        for field in record_type.all_fields.values():
            if field.type.name in ("choice", "choices"):
                for key in sorted(_unknown_keys(record_type, field)):
                    message = f"Records have the {record_type.name} {field.name} {key!r}, which is no choice."
                    yield Finding("missing_choice", message, 1, partial(_bring_back, record_type, field, key))


def _unknown_keys(record_type: RecordType, field: Field) -> set[str]:
    known = {choice.key for choice in choices.of(record_type.name, field.name, hidden=True)}
    used: set[str] = set()
    for value in record_type.model.objects.order_by().values_list(field.expression, flat=True).distinct():
        used.update(_keys(value))
    return used - known


def _keys(value: Any) -> list[str]:
    """The keys in what a query gives of a choice field: a key, a list, or a list as JSON text."""
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else [value]
    return [key for key in value or [] if key]


def _bring_back(record_type: RecordType, field: Field, key: str) -> None:
    """A removed choice returns; one that was never there comes hidden, under its key."""
    removed = choices.find(record_type.name, field.name, key)
    if removed:
        picklists.restore_choice(removed)
        return
    Choice.objects.create(record_type=record_type.name, field=field.name, key=key, label=key, is_hidden=True)
    company.touch()
