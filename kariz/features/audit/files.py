"""The log as a file: CSV for people, JSON lines with everything that verifying it elsewhere needs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from kariz.audit.models import Entry
from kariz.audit.signing import iso
from kariz.lib.spreadsheet import defuse

AT_ONCE = 1000
COLUMNS = (
    "id", "at", "kind", "user_id", "who", "address", "agent", "about_type", "about_id", "title", "details",
)  # fmt: skip
SIGNED = ("words", "salt", "digest", "mac", "number", "previous", "hash")


def as_object(entry: Entry) -> dict[str, Any]:
    found = {name: getattr(entry, name) for name in (*COLUMNS, *SIGNED)}
    return found | {"at": iso(entry.at)}


def lines(found: QuerySet[Entry]) -> Iterator[bytes]:
    """`details` stay the text that was signed."""
    for chunk in _chunks(found):
        yield "".join(json.dumps(as_object(entry), ensure_ascii=False) + "\n" for entry in chunk).encode()


def table(found: QuerySet[Entry]) -> Iterator[bytes]:
    yield ("\ufeff" + _csv([list(COLUMNS)])).encode()
    for chunk in _chunks(found):
        yield _csv([[_cell(as_object(entry)[name]) for name in COLUMNS] for entry in chunk]).encode()


def _cell(value: Any) -> str:
    return "" if value is None else defuse(str(value))


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def _chunks(found: QuerySet[Entry]) -> Iterator[list[Entry]]:
    rows = found.iterator(chunk_size=AT_ONCE)
    while chunk := list(islice(rows, AT_ONCE)):
        yield chunk


FORMATS: dict[str, tuple[Callable[[QuerySet[Entry]], Iterator[bytes]], str]] = {
    "csv": (table, "text/csv; charset=utf-8"),
    "jsonl": (lines, "application/x-ndjson"),
}
