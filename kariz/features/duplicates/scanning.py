"""The scan: every two records that share a telling key are scored; those that belong together make a group.

Pairs come out of the index of the keys, a stretch at a time; nothing is read of records that are in no pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Any

from django.db import connection

from kariz import jobs
from kariz.features.duplicates import apart, groups, keys, rules
from kariz.features.duplicates.groups import Pair
from kariz.features.duplicates.keys import TOO_COMMON
from kariz.features.duplicates.kinds import Kind
from kariz.features.duplicates.models import MatchKey
from kariz.features.duplicates.reading import Named, Read, read
from kariz.features.duplicates.sides import Match, match

PAIRS_AT_ONCE = 5_000
KEYS_AT_ONCE = 2_000
MOST_HELD = 50_000  # records whose words are kept in memory at a time
STEPS = 1000  # of progress for each kind
SHARED = (
    "SELECT key FROM duplicates_matchkey WHERE key > %s AND key <= %s"
    " GROUP BY key HAVING count(*) BETWEEN 2 AND %s ORDER BY key LIMIT %s"
)


@jobs.task("scan_duplicates", retries=1)
def scan(job: Any, merges: bool = False) -> dict[str, int]:
    """Look at everything there is, and keep the groups; with `merges` the rules that merge by themselves then do."""
    found: dict[Pair, Match] = {}
    reads = _Reads()
    kinds = _kinds()
    for place, kind in enumerate(kinds):
        for pairs, share in _pairs(kind):
            job.progress(int((place + share) * STEPS), len(kinds) * STEPS)
            found.update(_likely(pairs, reads))
    result = groups.keep(found)
    if merges:
        jobs.enqueue("merge_duplicates", unique_key="merge_duplicates")
    return result


@jobs.task("scan_duplicates_daily")
def scan_daily(job: Any) -> None:
    """Every day everything is looked at again."""
    jobs.enqueue("scan_duplicates", unique_key="scan_duplicates", merges=True)


jobs.schedule("scan_duplicates_daily", every=timedelta(days=1))


def _kinds() -> list[Kind]:
    """The kinds that make pairs in any family."""
    families = {one.family for one in rules.every().values()}
    return list({kind.name: kind for name in sorted(families) for kind in rules.telling(name)}.values())


def _pairs(kind: Kind) -> Iterator[tuple[list[Pair], float]]:
    """All pairs that share a key of this kind, some at a time, with the share of the keys that are done."""
    first, last = keys.stretch(kind)
    reached = first - 1
    pairs: list[Pair] = []
    while holding := _shared(reached, last):
        reached = max(holding)
        for having in holding.values():
            pairs += combinations(sorted(having), 2)
            if len(pairs) >= PAIRS_AT_ONCE:
                yield pairs, (reached - first) / (last - first)
                pairs = []
    yield pairs, 1.0


def _shared(reached: int, last: int) -> dict[int, list[Named]]:
    """The next keys that at least two records have, and not too many, with those who have them."""
    found: dict[int, list[Named]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(SHARED, [reached, last, TOO_COMMON, KEYS_AT_ONCE])
        shared = [key for (key,) in cursor.fetchall()]
    # Not joined to the statement above: databases would read all keys for it.
    holders = MatchKey.objects.filter(key__in=shared) if shared else MatchKey.objects.none()
    for key, name, pk in holders.values_list("key", "record_type", "record_id"):
        found[key].append((name, pk))
    return found


class _Reads:
    """What has been read, as far as memory allows."""

    def __init__(self) -> None:
        self._held: dict[Named, Read | None] = {}

    def of(self, pairs: Iterable[Pair]) -> Mapping[Named, Read | None]:
        """The records of these pairs; None for those that are not compared."""
        asked = {named for pair in pairs for named in pair}
        if len(self._held) > MOST_HELD:
            self._held = {}
        missing: dict[str, set[int]] = defaultdict(set)
        for name, pk in asked - self._held.keys():
            missing[name].add(pk)
        fresh = read(missing, None)
        self._held |= {(name, pk): fresh.get((name, pk)) for name, ids in missing.items() for pk in ids}
        return self._held


def _likely(pairs: Sequence[Pair], reads: _Reads) -> dict[Pair, Match]:
    """The pairs that reach the threshold of both types, those aside that somebody keeps apart."""
    held = reads.of(pairs)
    found: dict[Pair, Match] = {}
    for pair in pairs:
        one, other = held[pair[0]], held[pair[1]]
        if one is None or other is None or one.is_kin_of(other):
            continue
        least = max(one.recognition.threshold, other.recognition.threshold)
        what = match(one.side, other.side, least)
        if what.score >= least:
            found[pair] = what
    return apart.without(found, reads.of)
