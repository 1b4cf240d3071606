"""Names in files by which one record is found again: `Sara Ahmadi <sara@example.com>` where there are two Saras."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, OuterRef

from kariz.lib.text import fold

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kariz.core.registry import RecordType

_KEYED = re.compile(r"(?P<name>.*\S)\s*<(?P<key>[^<>]+)>")


def distinct(record_type: RecordType, titles: Mapping[int, str]) -> dict[int, str]:
    """The names of records by their ids; those that other records of the type share, with a key. One query."""
    rows, columns = record_type.model.objects, _keys(record_type)
    twins = rows.filter(sort_name=OuterRef("sort_name")).exclude(pk=OuterRef("pk"))
    shared = rows.filter(Exists(twins), pk__in=titles).order_by()
    same = {f"same_{column}": Exists(twins.filter(**{column: OuterRef(column)})) for column in columns}
    names = dict(titles)
    for pk, *values in shared.annotate(**same).values_list("pk", *columns, *same):
        keys = [_text(value) for value in values[: len(columns)]]
        own = (
            key for key, is_shared in zip(keys, values[len(columns) :], strict=True) if key and not is_shared
        )
        names[pk] = f"{titles[pk]} <{next(own, keys[-1])}>"
    return names


def plain(texts: Iterable[str]) -> set[str]:
    """The names in texts that tell a key as well."""
    return {found["name"] for text in texts if (found := _KEYED.fullmatch(text))}


def keyed(record_type: RecordType, named: QuerySet[Any], texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(id, text) of the records among `named` of which a text tells both name and key."""
    parted = ((text, _KEYED.fullmatch(text)) for text in texts)
    asked = {(fold(found["name"]), fold(found["key"])): text for text, found in parted if found}
    if not asked:
        return
    for pk, title, *keys in named.values_list("pk", record_type.title, *_keys(record_type)):
        for text in {asked.get((fold(title), fold(_text(key)))) for key in keys} - {None}:
            yield pk, str(text)


def _keys(record_type: RecordType) -> list[str]:
    """The columns that tell a record: what no two share, e-mails, phones, and last the moment when it was made."""
    columns = record_type.model._meta.concrete_fields
    unique = [column.name for column in columns if column.unique and isinstance(column, CharField)]
    fields = [field for field in record_type.shipped_fields.values() if field.attribute]
    reached = [one.attribute for kind in ("email", "phone") for one in fields if one.type.name == kind]
    return list(dict.fromkeys([*unique, *reached, "created_at"]))


def _text(key: Any) -> str:
    return key.isoformat() if isinstance(key, datetime) else key or ""
