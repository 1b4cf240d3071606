"""Records of which somebody said that they are not the same: remembered pair by pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial, reduce
from itertools import chain, combinations
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from kariz.core import changes, merging
from kariz.core.models import ChangeBatch
from kariz.features.duplicates.models import KeptApart, PassedOn, Word
from kariz.features.duplicates.reading import Named, Read, read
from kariz.features.duplicates.sides import fingerprint

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

Pair = tuple[Named, Named]
Reads = Mapping[Named, Read | None]

SAID: tuple[Any, ...] = (KeptApart, PassedOn)


def keep(reads: Sequence[Read], *, is_final: bool) -> None:
    """Remember that these are all different; with `is_final` whatever they say later on."""
    there = {one.named: one for one in reads}
    KeptApart.objects.bulk_create(
        (KeptApart(**_columns(pair, there), is_final=is_final) for pair in combinations(sorted(there), 2)),
        update_conflicts=True,
        unique_fields=["record_type", "record_id", "other_type", "other_id"],
        update_fields=["fingerprint", "is_final"],
    )


def forget(members: Iterable[Named]) -> None:
    """Ask about these again."""
    listed = list(members)
    both = _any(listed, "record_type", "record_id") & _any(listed, "other_type", "other_id")
    for model in SAID:
        model.objects.filter(both).delete()


def without(found: Mapping[Pair, Any], reads: Callable[[Iterable[Pair]], Reads]) -> dict[Pair, Any]:
    """The pairs of which nobody has said that they are different, or that say something else since.

    `reads` gives what the records of some pairs say.
    """
    said = _words(found)
    there = reads(said) if said else {}
    apart = {pair for pair, words in said.items() if any(_holds(word, there) for word in words)}
    return {pair: what for pair, what in found.items() if pair not in apart}


def _words(pairs: Iterable[Pair]) -> dict[Pair, list[Word]]:
    """What was said of these pairs, of those of which something was."""
    wanted = set(pairs)
    found: dict[Pair, list[Word]] = defaultdict(list)
    for word in _said(_any({one for one, _other in wanted}, "record_type", "record_id")):
        if _pair(word) in wanted:
            found[_pair(word)].append(word)
    return found


def _said(where: Q) -> list[Word]:
    return [word for model in SAID for word in model.objects.filter(where)]


def _pair(word: Word) -> Pair:
    return (word.record_type, word.record_id), (word.other_type, word.other_id)


def _columns(pair: Pair, reads: Reads) -> dict[str, Any]:
    (name, pk), (other_name, other_pk) = pair
    said = {"fingerprint": _told(pair, reads) or 0}
    return {"record_type": name, "record_id": pk, "other_type": other_name, "other_id": other_pk, **said}


def _told(pair: Pair, reads: Reads) -> int | None:
    """The fingerprint of what both say; None where one is not compared."""
    one, other = (reads.get(named) for named in pair)
    return fingerprint(one.side, other.side) if one and other else None


def _holds(word: Word, reads: Reads) -> bool:
    return word.is_final or word.fingerprint == _told(_pair(word), reads)


@merging.on_merge
def pass_on(
    record_type: RecordType, into: Mapping[int, int], batch: ChangeBatch
) -> Callable[[], None] | None:
    """Who was different from a record that is merged is different from the one that it becomes, whatever that says.

    What was said of the merged one stays where it is: it speaks again when the merge is undone.
    """
    named = [(record_type.name, pk) for pk in {*into, *into.values()}]
    either = _any(named, "record_type", "record_id") | _any(named, "other_type", "other_id")
    words = _said(either)
    there = _read(map(_pair, words))
    holding = [word for word in words if _holds(word, there)]
    now = {(record_type.name, pk): (record_type.name, primary) for pk, primary in into.items()}
    return partial(_say_again, holding, now, batch) if holding else None


def _say_again(words: Iterable[Word], now: Mapping[Named, Named], batch: ChangeBatch) -> None:
    """Say these of the records that have stayed, where it is not said of them as they are now."""
    wanted: dict[Pair, bool] = {}
    for word in words:
        one, other = sorted(now.get(named, named) for named in _pair(word))
        if one != other:
            wanted[one, other] = wanted.get((one, other), False) or word.is_final
    there, said = _read(wanted), _words(wanted)
    PassedOn.objects.bulk_create(
        PassedOn(**_columns(pair, there), is_final=is_final, batch=batch)
        for pair, is_final in wanted.items()
        if not any(_holds(word, there) and word.is_final >= is_final for word in said.get(pair, ()))
    )


@changes.on_undo
def take_back(batch: ChangeBatch) -> None:
    PassedOn.objects.filter(batch=batch).delete()


def _read(pairs: Iterable[Pair]) -> Reads:
    ids: dict[str, set[int]] = defaultdict(set)
    for name, pk in chain.from_iterable(pairs):
        ids[name].add(pk)
    return read(ids, None)


def _any(members: Iterable[Named], type_column: str, id_column: str) -> Q:
    ids: dict[str, list[int]] = defaultdict(list)
    for name, pk in members:
        ids[name].append(pk)
    named = [Q(**{type_column: name, f"{id_column}__in": having}) for name, having in ids.items()]
    return reduce(or_, named, Q(pk__in=()))
