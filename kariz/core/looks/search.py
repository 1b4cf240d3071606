"""Whether search and the order of names know the records as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from kariz.core import compiled, doctor, fulltext, registry, search
from kariz.core.doctor import Finding
from kariz.core.models import SearchRow
from kariz.core.registry import RecordType
from kariz.lib.text import sort_key


@doctor.look
def search_rows() -> Iterator[Finding]:
    for record_type in registry.every():
        unknown = unsorted = 0
        for chunk in doctor.chunks(record_type):
            unknown += len(search.differing(record_type, chunk))
            unsorted += len(_unsorted(record_type, chunk))
        if unknown:
            message = f"Search does not know {unknown} {record_type.name} records as they are."
            yield Finding("search_rows", message, unknown, partial(_write_search_rows, record_type))
        if unsorted:
            message = f"{unsorted} {record_type.name} records are sorted by a name that is not theirs."
            yield Finding("sort_names", message, unsorted, partial(_sort_anew, record_type))


def _write_search_rows(record_type: RecordType) -> None:
    for chunk in doctor.chunks(record_type):
        if wrong := search.differing(record_type, chunk):
            search.write(record_type, wrong)


def _sort_key(record_type: RecordType, record: Any) -> str:
    title = compiled.of(record_type).fields[record_type.title].get(record)
    return sort_key(str(title))[: search.SORTED_LENGTH]


def _unsorted(record_type: RecordType, records: Sequence[Any]) -> list[Any]:
    return [record for record in records if record.sort_name != _sort_key(record_type, record)]


def _sort_anew(record_type: RecordType) -> None:
    for chunk in doctor.chunks(record_type):
        wrong = _unsorted(record_type, chunk)
        for record in wrong:
            record.sort_name = _sort_key(record_type, record)
        record_type.model.objects.bulk_update(wrong, ["sort_name"], batch_size=doctor.AT_ONCE)


@doctor.look
def lost_search_rows() -> Iterator[Finding]:
    lost = doctor.orphans(SearchRow.objects.all(), "record_type", "record_id")
    if count := lost.count():
        message = f"Search still knows {count} records that are gone."
        yield Finding("lost_search_rows", message, count, lost.delete)


@doctor.look
def full_text() -> Iterator[Finding]:
    if not fulltext.is_true():
        yield Finding("full_text", "The full-text index differs from the search rows.", 1, fulltext.rebuild)
