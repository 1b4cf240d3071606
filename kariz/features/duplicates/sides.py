"""What a record says, made comparable, and how many points two records have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

from kariz.core import registry
from kariz.core.duplicates import Rule
from kariz.core.fields import Field
from kariz.features.duplicates.kinds import KINDS, Kind
from kariz.features.duplicates.rules import Recognition

Side = Mapping[str, Collection[tuple[Any, int]]]
"""Slot → comparable values with their points."""

MOST = 100


@dataclass(frozen=True)
class Match:
    """The points of two records, from 0 to 100, and the slots that agree, the strongest first.

    `strongest` are the points of the first of them alone.
    """

    score: int
    reasons: tuple[str, ...]
    strongest: int


def side(recognition: Recognition, value_of: Callable[[Field], Any]) -> dict[str, list[tuple[Any, int]]]:
    """What a record says; `value_of` gives the stored value of a field."""
    found: dict[str, list[tuple[Any, int]]] = {}
    for part in recognition.parts:
        raw = value_of(part.field)
        normal = part.kind.normal(raw) if raw not in (None, "", False) else None
        if normal is not None:
            found.setdefault(part.slot, []).append((normal, part.weight))
    return found


def match(one: Side, other: Side, least: int = 0) -> Match:
    """The points of each slot once, for the pair of values that agrees best, at the lower of their weights.

    What cannot reach `least` any more is not looked at further: names, which take longest, come last.
    """
    slots = [
        (kind_of(slot), slot, said, other[slot], min(_most(said), _most(other[slot])))
        for slot, said in one.items()
        if slot in other
    ]
    slots.sort(key=lambda row: row[0].is_slow)
    points: dict[str, float] = {}
    left = sum(row[-1] for row in slots)
    total = 0.0
    for kind, slot, said, theirs, most in slots:
        if total + left < least:
            return Match(0, (), 0)
        points[slot] = max(
            kind.agree(mine, value) * min(weight, their_weight)
            for mine, weight in said
            for value, their_weight in theirs
        )
        total += points[slot]
        left -= most
    reasons = sorted((slot for slot, given in points.items() if given > 0), key=lambda slot: -points[slot])
    score = max(0, min(MOST, round(total)))
    return Match(score, tuple(reasons), round(points[reasons[0]]) if reasons else 0)


def _most(said: Iterable[tuple[Any, int]]) -> int:
    return max(weight for _value, weight in said)


@cache
def kind_of(slot: str) -> Kind:
    return KINDS[slot.partition(":")[0]]


def fingerprint(one: Side, other: Side) -> int:
    """What both say, as a number: another one as soon as either says something else."""
    told = sorted(
        repr(sorted((slot, sorted(str(value) for value, _weight in said)) for slot, said in side.items()))
        for side in (one, other)
    )
    return number("\n".join(told))


def number(text: str, bits: int = 59) -> int:
    """A number of so many bits that stands for a text in the database, the same in every process."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> (64 - bits)


def told(rule: Rule, slots: Iterable[str]) -> tuple[str, ...]:
    """The reasons in words."""
    fields = registry.get(rule.record_type).all_fields
    found = []
    for slot in slots:
        kind, _colon, name = slot.partition(":")
        reason = str(KINDS[kind].reason)
        found.append(reason % {"field": fields[name].label if name in fields else name} if name else reason)
    return tuple(found)
