"""By what records are recognised: what record types ship, or what administrators have made of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from kariz import audit
from kariz.accounts import company
from kariz.accounts.revision import by_revision
from kariz.core import duplicates, registry, seen
from kariz.core.duplicates import Part, Rule
from kariz.core.fields import Field
from kariz.core.registry import RecordType
from kariz.features.duplicates.kinds import KINDS, Kind
from kariz.features.duplicates.models import MatchRule

if TYPE_CHECKING:
    from kariz.accounts.models import User

# What many records share says least: these are done without first, where the other parts decide by themselves.
COMMON_FIRST = ("name", "company", "text", "domain")

audit.kind("settings.matching", gettext_lazy("Matching rule changed"))


@dataclass(frozen=True)
class Compared:
    """One part of a rule, ready for use. Values of one `slot` are compared with each other."""

    field: Field
    kind: Kind
    weight: int
    slot: str


def slot_of(kind: Kind, field: str) -> str:
    return f"{kind.name}:{field}" if kind.is_own else kind.name


@dataclass(frozen=True)
class Recognition:
    """A rule in force: `parts` are those whose fields are there and visible."""

    record_type: RecordType
    rule: Rule
    parts: tuple[Compared, ...]

    @property
    def family(self) -> str:
        return self.rule.family

    @property
    def threshold(self) -> int:
        return self.rule.threshold

    @cached_property
    def names(self) -> frozenset[str]:
        """The fields that are compared."""
        return frozenset(part.field.name for part in self.parts)


def of(record_type: RecordType) -> Recognition | None:
    return every().get(record_type.name)


def seen_by(recognition: Recognition, user: User | None) -> Recognition:
    """By what `user` may recognise records: what is hidden from him tells him of nobody."""
    known = seen.by(recognition.record_type, user)
    if not known.narrowed:
        return recognition
    parts = tuple(part for part in recognition.parts if part.field.name in known.fields)
    return replace(recognition, record_type=known, parts=parts)


def rule_of(record_type: RecordType) -> Rule:
    """The rule as it stands, also of a type that has none yet: one that compares nothing."""
    found = of(record_type)
    return found.rule if found else _plain(record_type)


def _plain(record_type: RecordType) -> Rule:
    shipped = duplicates.shipped().get(record_type.name)
    return shipped or Rule(record_type.name, record_type.name, ())


@by_revision
def every() -> dict[str, Recognition]:
    """Record type → its recognition, of those that have a rule with at least one part."""
    changed = {row.record_type: row for row in MatchRule.objects.all()}
    found = {}
    for record_type in registry.every():
        rule = _plain(record_type)
        if row := changed.get(record_type.name):
            parts = tuple(Part(**part) for part in row.parts)
            rule = Rule(rule.record_type, rule.family, parts, row.threshold, row.merges_from)
        if parts_in_force := tuple(_compared(record_type, rule.parts)):
            found[record_type.name] = Recognition(record_type, rule, parts_in_force)
    return found


def _compared(record_type: RecordType, parts: Sequence[Part]) -> list[Compared]:
    fields = record_type.fields
    return [
        Compared(fields[part.field], KINDS[part.kind], part.weight, slot_of(KINDS[part.kind], part.field))
        for part in parts
        if part.field in fields and part.kind in KINDS and part.weight > 0
    ]


def family(name: str) -> list[Recognition]:
    """The types that are compared with each other, in the order in which people see them."""
    return [one for one in every().values() if one.family == name]


def telling(name: str) -> list[Kind]:
    """The kinds without which no two records of the family can reach their threshold: only these make pairs.

    The others are left out as long as even all of them together fall short in every type of the family.
    """
    types = family(name)
    left: set[str] = set()
    for kind in COMMON_FIRST:
        if all(_weight(one, {*left, kind}) < one.threshold for one in types):
            left.add(kind)
    used = {part.kind.name: part.kind for one in types for part in one.parts}
    return [kind for name, kind in used.items() if name not in left]


def _weight(one: Recognition, kinds: set[str]) -> int:
    """The most points that these kinds can give: each slot counts once."""
    best: dict[str, int] = defaultdict(int)
    for part in one.parts:
        if part.kind.name in kinds:
            best[part.slot] = max(best[part.slot], part.weight)
    return sum(best.values())


def change(record_type: RecordType, parts: Sequence[Part], threshold: int, merges_from: int | None) -> None:
    """Keep a rule; effective at once. The keys of records that are there are to be made anew."""
    values: dict[str, Any] = {
        "parts": [{"field": part.field, "kind": part.kind, "weight": part.weight} for part in parts],
        "threshold": threshold,
        "merges_from": merges_from,
    }
    with _changing(record_type):
        MatchRule.objects.update_or_create(record_type=record_type.name, defaults=values)
        company.touch()


def reset(record_type: RecordType) -> None:
    """Back to the rule that the type ships."""
    with _changing(record_type):
        MatchRule.objects.filter(record_type=record_type.name).delete()
        company.touch()


def _changing(record_type: RecordType) -> AbstractContextManager[None]:
    return audit.changing("settings.matching", MatchRule(record_type=record_type.name))
