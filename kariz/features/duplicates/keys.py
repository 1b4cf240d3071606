"""Keys: one row for each thing by which a record can be met, written with the record, gone with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from kariz.core import bulk, following
from kariz.core.registry import RecordType
from kariz.features.duplicates import rules
from kariz.features.duplicates.kinds import Kind
from kariz.features.duplicates.models import DuplicateGroup, DuplicateMember, MatchKey
from kariz.features.duplicates.rules import Recognition
from kariz.features.duplicates.sides import Side, kind_of, number

if TYPE_CHECKING:
    from kariz.core.drafts import Draft

BITS = 59  # a kind's code stands above them: each kind has a stretch of the index to itself
TOO_COMMON = 200  # a key that more records have tells nothing of any of them
AT_ONCE = 1000

ON_POSTGRESQL = (
    "INSERT INTO duplicates_matchkey (key, record_type, record_id)"
    " SELECT key, %s, id FROM unnest(%s::bigint[], %s::bigint[]) AS made (key, id) ON CONFLICT DO NOTHING"
)
ON_SQLITE = "INSERT OR IGNORE INTO duplicates_matchkey (key, record_type, record_id) VALUES (%s, %s, %s)"


def key_of(family: str, slot: str, text: str) -> int:
    """The key of a value; those of one kind lie in its `stretch`."""
    return _base(slot) | number(f"{family}\n{slot}\n{text}", BITS)


@cache
def _base(slot: str) -> int:
    return kind_of(slot).code << BITS


def stretch(kind: Kind) -> tuple[int, int]:
    return kind.code << BITS, ((kind.code + 1) << BITS) - 1


def of_side(family: str, side: Side) -> dict[int, str]:
    """The keys of what a record says, each with its slot."""
    found = {}
    for slot, said in side.items():
        kind = kind_of(slot)
        for normal, _weight in said:
            if text := kind.key(normal):
                found[key_of(family, slot, text)] = slot
    return found


def of_record(recognition: Recognition, record: Any) -> set[int]:
    """The keys of a record, on the path of every write: no more is made of it than they need."""
    family, found = recognition.family, set()
    for part in recognition.parts:
        raw = part.field.get(record)
        if raw in (None, "", False):
            continue
        normal = part.kind.normal(raw)
        if normal is not None and (text := part.kind.key(normal)):
            found.add(key_of(family, part.slot, text))
    return found


@following.on_written
def keep(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Make the keys of what was written: one statement for new records, two for those whose compared values changed."""
    recognition = rules.of(record_type)
    if recognition is None:
        return
    changed = [
        draft for draft in drafts if not draft.is_new and not recognition.names.isdisjoint(draft.changes)
    ]
    if changed:
        remove(record_type, [draft.record.pk for draft in changed])
        write(recognition, [draft.record for draft in changed])
    add(recognition, (draft.record for draft in drafts if draft.is_new))


def add(recognition: Recognition, records: Iterable[Any]) -> None:
    """Add the keys of records that nobody has seen yet: none of them can be there."""
    name = recognition.record_type.name
    rows = ((key, name, record.pk) for record in records for key in of_record(recognition, record))
    bulk.insert(MatchKey, ("key", "record_type", "record_id"), rows)


def write(recognition: Recognition, records: Iterable[Any]) -> None:
    """Add the keys of these records; somebody else may be adding them, too."""
    insert(recognition.record_type, {record.pk: of_record(recognition, record) for record in records})


def insert(record_type: RecordType, keys: Mapping[int, Iterable[int]]) -> None:
    """Add these keys in one statement: record id → keys."""
    rows = [(key, pk) for pk, made in keys.items() for key in made]
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            made, ids = zip(*rows, strict=True)
            cursor.execute(ON_POSTGRESQL, [record_type.name, list(made), list(ids)])
        else:
            cursor.executemany(ON_SQLITE, [(key, record_type.name, pk) for key, pk in rows])


def remove(record_type: RecordType, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), AT_ONCE):
        MatchKey.objects.filter(
            record_type=record_type.name, record_id__in=ids[start : start + AT_ONCE]
        ).delete()


@following.on_erased
def forget(record_type: RecordType, ids: Sequence[int]) -> None:
    """Keys go with their record, and so does its place in a group; a group of one is none.

    Also where nothing is compared just now: keys of before may be there, and would meet those of a record that is
    brought back.
    """
    remove(record_type, ids)
    members = DuplicateMember.objects.filter(record_type=record_type.name, record_id__in=ids)
    groups = set(members.values_list("group", flat=True))
    if groups:
        members.delete()
        left = DuplicateMember.objects.filter(group__in=groups).values_list("group", flat=True)
        counted: dict[int, int] = {}
        for group in left:
            counted[group] = counted.get(group, 0) + 1
        DuplicateGroup.objects.filter(pk__in=[pk for pk in groups if counted.get(pk, 0) < 2]).delete()
