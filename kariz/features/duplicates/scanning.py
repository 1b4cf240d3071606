"""The scan: every two records that share a telling key are scored; those that belong together make a group.

Pairs come out of the index of the keys, a stretch at a time; nothing is read of records that are in no pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from kariz import jobs
from kariz.features.duplicates import apart, groups, keys, rules
from kariz.features.duplicates.groups import Pair
from kariz.features.duplicates.keys import TOO_COMMON
from kariz.features.duplicates.kinds import Kind
from kariz.features.duplicates.models import FoundPair, MatchKey, Scan
from kariz.features.duplicates.reading import Named, Read, read
from kariz.features.duplicates.sides import Match, match
from kariz.jobs.states import State

if TYPE_CHECKING:
    from kariz.jobs.models import Job

PAIRS_AT_ONCE = 5_000
KEYS_AT_ONCE = 2_000
AT_ONCE = 1_000
MOST_HELD = 50_000  # records whose words are kept in memory at a time
STEPS = 1000  # of progress for each kind
SHARED = (
    "SELECT key FROM duplicates_matchkey WHERE key > %s AND key <= %s"
    " GROUP BY key HAVING count(*) BETWEEN 2 AND %s ORDER BY key LIMIT %s"
)


@jobs.task("scan_duplicates")
def scan(job: Job, merges: bool = False) -> dict[str, int]:
    """Look at everything there is, and keep the groups; with `merges` the rules that merge by themselves then do.

    A worker that is killed is followed by one that goes on after the last stretch that was kept.
    """
    kinds = _kinds()
    under_way = _begun(job, [kind.name for kind in kinds])
    reads = _Reads()
    kept: set[Pair] = set()  # by this worker: many meet by one kind of key after the other
    for place in range(under_way.place, len(kinds)):
        for pairs, reached, share in _pairs(kinds[place], under_way.reached):
            job.progress(int((place + share) * STEPS), len(kinds) * STEPS)
            found = _likely([pair for pair in pairs if pair not in kept], reads)
            _keep(under_way, (place, reached), found)
            kept.update(found)
        _keep(under_way, (place + 1, None), {})
    return _conclude(under_way, merges=merges)


def _begun(job: Job, kinds: list[str]) -> Scan:
    """The scan of this job, at its beginning or where it was; what is left of those that have ended goes."""
    Scan.objects.exclude(job__state__in=(State.WAITING, State.RUNNING)).delete()
    found, _made = Scan.objects.get_or_create(job=job, defaults={"kinds": kinds})
    if found.kinds != kinds:  # other rules since: from the beginning
        found.delete()
        found = Scan.objects.create(job=job, kinds=kinds)
    return found


@transaction.atomic
def _keep(under_way: Scan, there: tuple[int, int | None], found: Mapping[Pair, Match]) -> None:
    """Keep what was found and how far that is, together. Raises `Cancelled` where another worker has come as far."""
    here = Scan.objects.filter(pk=under_way.pk, place=under_way.place, reached=under_way.reached)
    under_way.place, under_way.reached = there
    if not here.update(place=under_way.place, reached=under_way.reached):
        raise jobs.Cancelled
    FoundPair.objects.bulk_create(
        (
            FoundPair(
                scan=under_way, record_type=name, record_id=pk, other_type=other_name, other_id=other_pk,
                score=what.score, strongest=what.strongest, reasons=what.reasons,
            )
            for ((name, pk), (other_name, other_pk)), what in found.items()
        ),
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )  # fmt: skip


@transaction.atomic
def _conclude(under_way: Scan, *, merges: bool) -> dict[str, int]:
    """Make groups of what was found, save of those that somebody has meanwhile said to be different."""
    reads, last = _Reads(), 0
    found: dict[Pair, Match] = {}
    while rows := list(under_way.pairs.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = rows[-1].pk
        found |= apart.without(dict(map(_read_back, rows)), reads.of)
    result = groups.keep(found)
    if not Scan.objects.filter(pk=under_way.pk).delete()[0]:
        raise jobs.Cancelled
    if merges:
        jobs.enqueue("merge_duplicates", unique_key="merge_duplicates")
    return result


def _read_back(row: FoundPair) -> tuple[Pair, Match]:
    pair = (row.record_type, row.record_id), (row.other_type, row.other_id)
    return pair, Match(row.score, tuple(row.reasons), row.strongest)


@jobs.task("scan_duplicates_daily")
def scan_daily(job: Any) -> None:
    """Every day everything is looked at again."""
    jobs.enqueue("scan_duplicates", unique_key="scan_duplicates", merges=True)


jobs.schedule("scan_duplicates_daily", every=timedelta(days=1))


def _kinds() -> list[Kind]:
    """The kinds that make pairs in any family."""
    families = {one.family for one in rules.every().values()}
    return list({kind.name: kind for name in sorted(families) for kind in rules.telling(name)}.values())


def _pairs(kind: Kind, reached: int | None) -> Iterator[tuple[list[Pair], int, float]]:
    """All pairs that share a key of this kind after `reached`, a stretch at a time.

    With each stretch comes its last key, and the share of the keys that are done.
    """
    first, last = keys.stretch(kind)
    after = first - 1 if reached is None else reached
    pairs: list[Pair] = []
    while holding := _shared(after, last):
        for after, having in sorted(holding.items()):
            pairs += combinations(sorted(having), 2)
            if len(pairs) >= PAIRS_AT_ONCE:
                yield pairs, after, (after - first) / (last - first)
                pairs = []
    if pairs:
        yield pairs, after, 1.0


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
