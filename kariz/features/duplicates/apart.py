"""Records of which somebody said that they are not the same: remembered pair by pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import combinations
from operator import or_
from typing import Any

from django.db.models import Q

from kariz.features.duplicates.models import KeptApart
from kariz.features.duplicates.reading import Named, Read
from kariz.features.duplicates.sides import fingerprint

Pair = tuple[Named, Named]


def keep(reads: Sequence[Read], *, is_final: bool) -> None:
    """Remember that these are all different; with `is_final` whatever they say later on."""
    pairs = combinations(sorted(reads, key=lambda one: one.named), 2)
    KeptApart.objects.bulk_create(
        [
            KeptApart(
                record_type=one.named[0],
                record_id=one.pk,
                other_type=other.named[0],
                other_id=other.pk,
                fingerprint=fingerprint(one.side, other.side),
                is_final=is_final,
            )
            for one, other in pairs
        ],
        update_conflicts=True,
        unique_fields=["record_type", "record_id", "other_type", "other_id"],
        update_fields=["fingerprint", "is_final"],
    )


def forget(members: Iterable[Named]) -> None:
    """Ask about these again."""
    listed = list(members)
    _among(listed).filter(_any(listed, "other_type", "other_id")).delete()


def without(found: Mapping[Pair, Any], reads: Mapping[Named, Read | None]) -> dict[Pair, Any]:
    """The pairs of which nobody has said that they are different, or that say something else since."""
    if not found:
        return {}
    said = {
        ((row.record_type, row.record_id), (row.other_type, row.other_id)): row
        for row in _among({pair[0] for pair in found})
    }
    return {pair: what for pair, what in found.items() if not _holds(said.get(pair), pair, reads)}


def _holds(row: KeptApart | None, pair: Pair, reads: Mapping[Named, Read | None]) -> bool:
    if row is None or row.is_final:
        return row is not None
    one, other = reads[pair[0]], reads[pair[1]]
    return bool(one and other and fingerprint(one.side, other.side) == row.fingerprint)


def _among(members: Iterable[Named]) -> Any:
    return KeptApart.objects.filter(_any(members, "record_type", "record_id"))


def _any(members: Iterable[Named], type_column: str, id_column: str) -> Q:
    ids: dict[str, list[int]] = defaultdict(list)
    for name, pk in members:
        ids[name].append(pk)
    named = [Q(**{type_column: name, f"{id_column}__in": having}) for name, having in ids.items()]
    return reduce(or_, named, Q(pk__in=()))
