"""Names in files by which one record is found again: `Sara Ahmadi <sara@example.com>` where there are two Saras."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import CharField

from kariz.lib.text import fold

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kariz.core.registry import RecordType

_KEYED = re.compile(r"(?P<name>.*\S)\s*<(?P<key>[^<>]+)>")


def distinct(record_type: RecordType, titles: Mapping[int, str]) -> dict[int, str]:
    """The names of records by their ids; those that other records of the type share, with a key. In two queries."""
    held = record_type.model.objects.filter(pk__in=titles).values_list("sort_name", flat=True)
    same = record_type.model.objects.filter(sort_name__in=set(held)).order_by()
    found = list(same.values_list("pk", record_type.title, *_keys(record_type)))
    times = Counter(fold(title) for _pk, title, *_held in found)
    names = dict(titles)
    for pk, title, *keys in found:
        if pk in names and times[fold(title)] > 1:
            names[pk] = f"{names[pk]} <{next(filter(None, map(_text, keys)))}>"
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
