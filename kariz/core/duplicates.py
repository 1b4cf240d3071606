"""Who is recorded already: by what records are recognised, and the questions that forms, files and channels ask.

A record type ships its rule (`ship`); the capability that knows the answers is the one `Recogniser`. Without it
nobody is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.models import ChangeBatch
    from kariz.core.registry import RecordType


@dataclass(frozen=True)
class Part:
    """One thing by which records are recognised: a field, how it is compared, and its points if both agree.

    Kinds: `exact` (a number that only one has: where it differs, its points are taken away), `text`, `phone`, `email`,
    `domain`, `name` (of a person: where it differs, its points are taken away), `company`.
    """

    field: str
    kind: str
    weight: int


@dataclass(frozen=True)
class Rule:
    """How records of a type are recognised. Types of one `family` are compared with each other.

    From `threshold` points on (of 100 at most) two records may be one, from `merges_from` on they are merged without
    asking, where it is not None.
    """

    record_type: str
    family: str
    parts: tuple[Part, ...]
    threshold: int = 60
    merges_from: int | None = None


@dataclass(frozen=True)
class Candidate:
    """A record that may be the one asked about; `reasons` say why, the strongest first, to a person."""

    record_type: RecordType
    pk: int
    title: str
    owner_id: int | None
    owner: str
    score: int
    is_likely: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Met:
    """What became of a request: the card it is on, and the batch that made it (None where the card was there)."""

    record_type: RecordType
    record: Any
    batch: ChangeBatch | None

    @property
    def is_new(self) -> bool:
        return self.batch is not None


class Recogniser(Protocol):
    """The capability that answers; what each question means stands at the functions below."""

    def find(
        self,
        record_type: RecordType,
        values: Mapping[str, Any],
        user: User | None,
        *,
        record: Any,
        types: Sequence[str],
        hints: bool,
    ) -> list[Candidate]: ...

    def repeated(self, record_type: RecordType, ids: Sequence[int], user: User | None) -> set[int]: ...

    def match_or_create(
        self, record_type: RecordType, values: Mapping[str, Any], *, source: str, text: str, user: User | None
    ) -> Met: ...


_shipped: dict[str, Rule] = {}
_recognisers: list[Recogniser] = []


def ship(rule: Rule) -> Rule:
    """Say by what records of a type are recognised until an administrator says otherwise."""
    _shipped[rule.record_type] = rule
    return rule


def shipped() -> Mapping[str, Rule]:
    """Record type → the rule it ships."""
    return _shipped


def recognise_by(recogniser: Recogniser) -> None:
    _recognisers[:] = [recogniser]


def find(
    record_type: RecordType,
    values: Mapping[str, Any],
    user: User | None,
    *,
    record: Any = None,
    types: Sequence[str] = (),
    hints: bool = False,
) -> list[Candidate]:
    """The records, among those that `user` sees, that one with these `values` (as typed) may be, the likeliest first.

    `record` is the one that is being changed (its id is what counts), which is not its own duplicate. `types` narrows
    what is looked among, to some of the types of the family. With `hints` those also come that are no more than like
    it (`is_likely` is false).
    Two statements, whatever there is.
    """
    return [
        candidate
        for one in _recognisers
        for candidate in one.find(record_type, values, user, record=record, types=types, hints=hints)
    ]


def repeated(record_type: RecordType, ids: Sequence[int], user: User | None) -> set[int]:
    """Those of these records that may be another one that `user` sees, by what alone is enough to recognise somebody.

    Three statements for all of them; some thousand ids at a time are a good measure.
    """
    return {pk for one in _recognisers for pk in one.repeated(record_type, ids, user)}


def match_or_create(
    record_type: RecordType,
    values: Mapping[str, Any],
    *,
    source: str = "",
    text: str = "",
    user: User | None = None,
) -> Met:
    """Put a request on the card of who asks, known by e-mail or phone, or on a new card of `record_type`.

    `values` are as the channel gives them, `source` is the channel's choice in the type's field of that name, `text`
    what was said. Who is responsible for a card that was there is told. Two requests at once make one card. Raises
    `Invalid` where a new card cannot be made of the values, `Forbidden` where `user` may make none, `RuntimeError`
    where no capability recognises anybody.
    """
    if not _recognisers:
        raise RuntimeError("Nothing recognises people here.")
    return _recognisers[0].match_or_create(record_type, values, source=source, text=text, user=user)
