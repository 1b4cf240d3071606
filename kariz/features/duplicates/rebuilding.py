"""Keys made anew: after a rule has changed, and where `kariz doctor` finds that they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from kariz import jobs
from kariz.core import doctor, registry
from kariz.core.doctor import Finding
from kariz.core.registry import RecordType
from kariz.features.duplicates import keys, rules
from kariz.features.duplicates.models import MatchKey

AT_ONCE = 1000


@jobs.task("rebuild_match_keys")
def rebuild(job: Any, record_type: str) -> None:
    """Make all keys of a type anew, then look for duplicates again."""
    found = registry.get(record_type)
    done, total = 0, found.model.objects.count()
    for chunk in doctor.chunks(found):
        job.progress(done, total)
        _write(found, chunk)
        done += len(chunk)
    jobs.enqueue("scan_duplicates", unique_key="scan_duplicates")


def _write(record_type: RecordType, records: Sequence[Any]) -> None:
    keys.remove(record_type, [record.pk for record in records])
    if recognition := rules.of(record_type):
        keys.write(recognition, records)


def repair(record_type: RecordType, ids: Sequence[int]) -> None:
    """Make the keys of these records anew."""
    for start in range(0, len(ids), AT_ONCE):
        _write(record_type, list(record_type.model.objects.filter(pk__in=ids[start : start + AT_ONCE])))


@doctor.look
def differing_keys() -> Iterator[Finding]:
    for record_type in registry.every():
        wrong = [pk for chunk in doctor.chunks(record_type) for pk in _differing(record_type, chunk)]
        if wrong:
            message = f"Duplicates of {len(wrong)} {record_type.name} records are looked for by old keys."
            yield Finding("match_keys", message, len(wrong), partial(repair, record_type, wrong))


def _differing(record_type: RecordType, records: Sequence[Any]) -> Iterator[int]:
    recognition = rules.of(record_type)
    kept: dict[int, set[int]] = defaultdict(set)
    ids = [record.pk for record in records]
    rows = MatchKey.objects.filter(record_type=record_type.name, record_id__in=ids)
    for pk, key in rows.values_list("record_id", "key"):
        kept[pk].add(key)
    for record in records:
        due = keys.of_record(recognition, record) if recognition else set()
        if kept[record.pk] != due:
            yield record.pk


@doctor.look
def lost_keys() -> Iterator[Finding]:
    lost = doctor.orphans(MatchKey.objects.all(), "record_type", "record_id")
    if count := lost.count():
        message = f"Duplicates are looked for by {count} keys of records that are gone."
        yield Finding("lost_match_keys", message, count, lost.delete)
