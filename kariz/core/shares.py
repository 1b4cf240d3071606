"""What is shared with somebody by hand: read once a request where it is little, asked in the query where it is much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from kariz.accounts import chart, company
from kariz.accounts.revision import by_revision
from kariz.core import registry
from kariz.core.grants import Level, Share
from kariz.core.unions import together

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType

FEW = 1_000  # as many ids stand in a query; reading them takes about a millisecond


@dataclass(frozen=True)
class Shared:
    """What of one type is shared with somebody: the ids that may be read and, of those, changed.

    Of more than `FEW` the ids are not known: `many` finds them.
    """

    read: frozenset[int] = frozenset()
    write: frozenset[int] = frozenset()
    many: QuerySet[Share] | None = None

    def of(self, level: str) -> frozenset[int]:
        return self.write if level == Level.WRITE else self.read

    def rows(self, level: str) -> QuerySet[Share] | None:
        """The shares of many; None where they are few."""
        if self.many is None or level == Level.READ:
            return self.many
        return self.many.filter(level=Level.WRITE)


NOTHING = Shared()


def of(record_type: RecordType, user: User) -> Shared:
    """What of a type is shared with `user`, a team or a role of theirs today. One query per request for all types."""
    if not are_any():
        return NOTHING
    memory, key = company.memory(), ("shares", user.pk, user.role_keys, user.team_id)
    if key not in memory:
        memory[key] = _read(user)
    held: dict[str, Shared] = memory[key]
    return held.get(record_type.name, NOTHING)


def in_force() -> Q:
    return Q(until=None) | Q(until__gt=timezone.now())


def with_user(user: User) -> Q:
    """The shares with a person, the teams that the person belongs to, the roles."""
    today = chart.current()
    roles = [today.roles[key].id for key in user.role_keys if key in today.roles]
    return Q(user=user.pk) | Q(team__in=today.teams_above(user.team_id)) | Q(role__in=roles)


def announce() -> None:
    """Forget what was read in this request; the first share there is makes every process look for shares."""
    if are_any():
        company.forget()
    else:
        company.touch()


@by_revision
def are_any() -> bool:
    """Whether anything has been shared at all: where nothing has, nobody asks."""
    return Share.objects.exists()


def _read(user: User) -> dict[str, Shared]:
    rows = Share.objects.filter(with_user(user), in_force()).order_by()
    found = list(rows.values("record_type", "record_id", "level")[: FEW + 1])
    if len(found) <= FEW:
        by_type: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for row in found:
            by_type[row["record_type"]].append((row["record_id"], row["level"]))
        return {name: _few(held) for name, held in by_type.items()}
    types = {one.name: rows.filter(record_type=one.name) for one in registry.every()}
    first = together({name: part.values("record_id", "level")[: FEW + 1] for name, part in types.items()})
    return {
        name: Shared(many=types[name])
        if len(held) > FEW
        else _few((one.record_id, one.level) for one in held)
        for name, held in first.items()
        if held
    }


def _few(held: Iterable[tuple[int, str]]) -> Shared:
    """The same record may be shared with a person and with the person's team."""
    read, write = set(), set()
    for pk, level in held:
        read.add(pk)
        if level == Level.WRITE:
            write.add(pk)
    return Shared(frozenset(read), frozenset(write))
