"""Whom values that somebody types may mean: a look at the keys, one at the records that share one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from kariz.accounts import locale
from kariz.core import registry
from kariz.core.duplicates import Candidate
from kariz.core.fields import Field
from kariz.core.fieldtypes import FieldError
from kariz.core.registry import RecordType
from kariz.features.duplicates import keys, rules
from kariz.features.duplicates.keys import TOO_COMMON
from kariz.features.duplicates.kinds import NUMBER
from kariz.features.duplicates.reading import Named, Read, read
from kariz.features.duplicates.rules import Recognition
from kariz.features.duplicates.sides import Match, Side, match, side, told
from kariz.lib.text import digits

if TYPE_CHECKING:
    from kariz.accounts.models import User

MOST = 20
MOST_JOINED = 200  # SQLite joins five hundred at the most
HOLDERS = (
    "SELECT found.* FROM unnest(%s::bigint[]) AS wanted (key), LATERAL ("
    "SELECT key, record_type, record_id FROM duplicates_matchkey WHERE key = wanted.key LIMIT %s) AS found"
)
HOLDERS_OF_ONE = (
    "SELECT * FROM (SELECT key, record_type, record_id FROM duplicates_matchkey WHERE key = %s LIMIT %s)"
)


def find(
    record_type: RecordType,
    values: Mapping[str, Any],
    user: User | None,
    *,
    record: Any = None,
    types: Sequence[str] = (),
    hints: bool = False,
) -> list[Candidate]:
    """See `kariz.core.duplicates.find`."""
    recognition = rules.of(record_type)
    if recognition is None:
        return []
    recognition = rules.seen_by(recognition, user)
    itself = (record_type.name, record.pk) if record is not None and record.pk else None
    found = alike(recognition, typed(recognition, values), user, types=types, itself=itself)
    return [
        candidate(recognition, one, what)
        for one, what in found
        if what.score >= recognition.threshold or (hints and _is_hint(recognition, what))
    ][:MOST]


def candidate(recognition: Recognition, one: Read, what: Match) -> Candidate:
    return Candidate(
        record_type=one.recognition.record_type,
        pk=one.pk,
        title=one.title,
        owner_id=one.owner_id,
        owner=one.owner,
        score=what.score,
        is_likely=what.score >= recognition.threshold,
        reasons=told(recognition.rule, what.reasons),
    )


def _is_hint(recognition: Recognition, what: Match) -> bool:
    """More than half of the points; or all of them, if another name did not speak against it."""
    return what.score > recognition.threshold // 2 or what.strongest >= recognition.threshold


def typed(recognition: Recognition, values: Mapping[str, Any]) -> dict[str, list[tuple[Any, int]]]:
    """What values say that somebody has typed; those that are not finished say nothing."""
    ours = locale.active()

    def value_of(field: Field) -> Any:
        raw = values.get(field.name)
        if raw in (None, "", []):
            return None
        try:
            return field.parse(raw, ours)
        except FieldError:
            # A number as another country dials it has the digits that count.
            return raw if field.type.name == "phone" and len(digits(str(raw))) >= NUMBER else None

    return side(recognition, value_of)


def alike(
    recognition: Recognition,
    mine: Side,
    user: User | None,
    *,
    types: Sequence[str] = (),
    itself: Named | None = None,
) -> list[tuple[Read, Match]]:
    """The records that share a key with `mine` and have points in common, the most first.

    `itself` is the record that says this: neither it nor what it was made from, or made into, is among them.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for having in holders(list(keys.of_side(recognition.family, mine))).values():
        for name, pk in having:
            if not types or name in types:
                wanted[name].add(pk)
    if wanted and itself:
        wanted[itself[0]].add(itself[1])
    there = read(wanted, user)
    own = there.pop(itself, None) if itself else None
    found = ((one, match(mine, one.side)) for one in there.values() if own is None or not own.is_kin_of(one))
    return sorted((pair for pair in found if pair[1].reasons), key=_rank)


def _rank(pair: tuple[Read, Match]) -> tuple[int, int, int]:
    """Most points first; of as many, the types in their order, and what is older."""
    one, what = pair
    return -what.score, registry.get(one.named[0]).position, one.pk


def holders(wanted: Sequence[int]) -> dict[int, list[Named]]:
    """Key → who has it; keys that too many have are left out, for they tell nothing of any of them."""
    found: dict[int, list[Named]] = defaultdict(list)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(HOLDERS, [list(wanted), TOO_COMMON + 1])
            rows = cursor.fetchall()
        else:
            rows = [row for some in batched(wanted, MOST_JOINED) for row in _held(cursor, some)]
    for key, name, pk in rows:
        found[key].append((name, pk))
    return {key: having for key, having in found.items() if len(having) <= TOO_COMMON}


def _held(cursor: Any, wanted: Sequence[int]) -> list[tuple[int, str, int]]:
    statement = " UNION ALL ".join([HOLDERS_OF_ONE] * len(wanted))
    cursor.execute(statement, [value for key in wanted for value in (key, TOO_COMMON + 1)])
    rows: list[tuple[int, str, int]] = cursor.fetchall()
    return rows


def batched(values: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (values[start : start + size] for start in range(0, len(values), size))
