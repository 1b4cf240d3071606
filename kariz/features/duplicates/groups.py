"""Groups of records that may be one: made by the scan, decided on by people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from kariz.core import changes, records, sql
from kariz.core.models import ChangeBatch
from kariz.features.duplicates import apart, rules
from kariz.features.duplicates.models import DuplicateGroup, DuplicateMember
from kariz.features.duplicates.reading import Named, Read
from kariz.features.duplicates.sides import Match

if TYPE_CHECKING:
    from kariz.accounts.models import User

Pair = tuple[Named, Named]
State = DuplicateGroup.State

MOST_MEMBERS = 20
AT_ONCE = 1000


@dataclass
class _Group:
    """Members, each with the match that binds it most."""

    best: dict[Named, Match] = field(default_factory=dict)

    def add(self, members: Iterable[Named], what: Match) -> None:
        for named in members:
            if named not in self.best or self.best[named].score < what.score:
                self.best[named] = what

    @property
    def score(self) -> int:
        return max(what.score for what in self.best.values())

    @property
    def kinds(self) -> str:
        found = {slot.partition(":")[0] for what in self.best.values() for slot in what.reasons}
        return f" {' '.join(sorted(found))} "


def keep(found: Mapping[Pair, Match]) -> dict[str, int]:
    """Replace the open groups by those of these pairs; one that has not changed stays the row that it is."""
    made = {(frozenset(group.best), group.score): group for group in _joined(found)}
    with transaction.atomic():
        sql.hold("duplicate groups")
        there = _open_groups()
        _drop([pk for known, pk in there.items() if known not in made])
        _add([group for known, group in made.items() if known not in there])
        _forget_decisions_on([members for members, _score in made])
    return {"groups": len(made), "records": sum(len(members) for members, _score in made)}


def _joined(found: Mapping[Pair, Match]) -> list[_Group]:
    """The likeliest pairs are joined first, and a group stops growing where nobody could look through it."""
    of: dict[Named, _Group] = {}
    for pair, what in sorted(found.items(), key=lambda item: (-item[1].score, item[0])):
        one, other = (of.get(named) or _Group({named: what}) for named in pair)
        if one is not other and len(one.best) + len(other.best) > MOST_MEMBERS:
            continue
        if one is not other:
            for named, best in other.best.items():
                one.add([named], best)
        one.add(pair, what)
        of.update(dict.fromkeys(one.best, one))
    return list({id(group): group for group in of.values()}.values())


def _open_groups() -> dict[tuple[frozenset[Named], int], int]:
    members: dict[tuple[int, int], set[Named]] = defaultdict(set)
    rows = DuplicateMember.objects.filter(group__state=State.OPEN)
    for pk, score, name, record_id in rows.values_list(
        "group_id", "group__score", "record_type", "record_id"
    ):
        members[pk, score].add((name, record_id))
    return {(frozenset(having), score): pk for (pk, score), having in members.items()}


def _drop(ids: Sequence[int]) -> None:
    for start in range(0, len(ids), AT_ONCE):
        DuplicateGroup.objects.filter(pk__in=ids[start : start + AT_ONCE]).delete()


def _add(made: Sequence[_Group]) -> None:
    family = {name: one.family for name, one in rules.every().items()}
    rows = [
        DuplicateGroup(family=family[next(iter(group.best))[0]], score=group.score, kinds=group.kinds)
        for group in made
    ]
    DuplicateGroup.objects.bulk_create(rows, batch_size=AT_ONCE)
    DuplicateMember.objects.bulk_create(
        [
            DuplicateMember(
                group=row, record_type=name, record_id=pk, score=what.score, reasons=list(what.reasons)
            )
            for row, group in zip(rows, made, strict=True)
            for (name, pk), what in group.best.items()
        ],
        batch_size=AT_ONCE,
    )


def _forget_decisions_on(made: Iterable[frozenset[Named]]) -> None:
    """A decision whose records are together again is none any more."""
    together = {named: number for number, members in enumerate(made) for named in members}
    decided: dict[int, list[int]] = defaultdict(list)
    rows = DuplicateMember.objects.exclude(group__state=State.OPEN)
    for pk, name, record_id in rows.values_list("group_id", "record_type", "record_id"):
        if (name, record_id) in together:
            decided[pk].append(together[name, record_id])
    _drop([pk for pk, numbers in decided.items() if len(set(numbers)) < len(numbers)])


@transaction.atomic
def decide(
    group: DuplicateGroup, members: Sequence[Read], user: User | None, *, is_final: bool
) -> ChangeBatch:
    """Keep `members` of an open group separate; those that the person does not see stay as they are."""
    batch = records.batch_of("keep_separate", user, " / ".join(one.title for one in members))
    apart.keep(members, is_final=is_final)
    seen = {one.named for one in members}
    rows = list(group.members.all())
    mine = [row.pk for row in rows if (row.record_type, row.record_id) in seen]
    if len(mine) < len(rows):
        rest, group = group, DuplicateGroup(family=group.family, score=group.score, kinds=group.kinds)
        group.save()
        DuplicateMember.objects.filter(pk__in=mine).update(group=group)
        if len(rows) - len(mine) < 2:
            rest.delete()
    group.state, group.batch = State.NEVER if is_final else State.APART, batch
    group.save()
    return batch


@transaction.atomic
def reopen(group: DuplicateGroup) -> None:
    """Ask about a group again."""
    apart.forget((row.record_type, row.record_id) for row in group.members.all())
    group.state, group.batch = State.OPEN, None
    group.save()


@changes.on_undo
def take_back(batch: ChangeBatch) -> None:
    """Undone, a decision is none."""
    for group in DuplicateGroup.objects.filter(batch=batch):
        reopen(group)
