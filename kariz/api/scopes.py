"""What a caller may ask for beside the rights of the person it acts as: record types and verbs, never more rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

ANY = "*"


@dataclass(frozen=True)
class Scope:
    """`allowed` is record type → verbs (see `access.VERBS`); `*` stands for every type, and for every verb."""

    allowed: Mapping[str, Sequence[str]]

    @property
    def is_everything(self) -> bool:
        return ANY in self.allowed.get(ANY, ())

    def covers(self, record_type: RecordType | str, verb: str) -> bool:
        name = record_type if isinstance(record_type, str) else record_type.name
        verbs = {*self.allowed.get(name, ()), *self.allowed.get(ANY, ())}
        return verb in verbs or ANY in verbs

    @property
    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each record type with each of its verbs, either of which may be `*`."""
        return ((name, verb) for name, verbs in self.allowed.items() for verb in verbs)

    @property
    def kept(self) -> dict[str, list[str]]:
        """As a column keeps it."""
        return {name: list(verbs) for name, verbs in self.allowed.items()}

    def is_within(self, other: Scope) -> bool:
        return all(other.covers(*pair) for pair in self.pairs)

    def within(self, other: Scope) -> Scope:
        """What both of them allow."""
        if self.is_within(other):
            return self
        return of(
            (name, verb)
            for mine in self.pairs
            for theirs in other.pairs
            if (name := _met(mine[0], theirs[0])) and (verb := _met(mine[1], theirs[1]))
        )


def of(pairs: Iterable[tuple[str, str]]) -> Scope:
    allowed: dict[str, list[str]] = {}
    for name, verb in pairs:
        verbs = allowed.setdefault(name, [])
        if verb not in verbs:
            verbs.append(verb)
    return Scope(allowed)


def _met(one: str, other: str) -> str:
    """What two names stand for together; nothing where they stand for different things."""
    if ANY in (one, other):
        return other if one == ANY else one
    return one if one == other else ""


EVERYTHING = Scope({ANY: (ANY,)})
