"""Which records of a type somebody sees, or changes: every rule of rights in one condition that indexes serve.

`owners` holds whose records are seen without further question. What rules open under a condition and what is shared
by hand stands beside it, in a form that both databases answer from indexes (see `Sight.condition`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from kariz.accounts import chart, company
from kariz.core import opening, shares
from kariz.core.grants import Level, Share
from kariz.core.opening import Condition, Opened
from kariz.core.paging import Strands
from kariz.core.profiles import rights

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType

READ, WRITE, DELETE = "read", "write", "delete"


@dataclass(frozen=True)
class Sight:
    """`limit` is what the type restricts everything to; `shared` are the ids of few records, `many` finds them else."""

    record_type: RecordType
    is_all: bool = False
    owners: frozenset[int] = frozenset()
    opened: tuple[Opened, ...] = ()
    shared: frozenset[int] = frozenset()
    many: QuerySet[Share] | None = None
    limit: Q | None = None

    @property
    def is_nothing(self) -> bool:
        return not (self.is_all or self.owners or self.opened or self.shared or self.many is not None)

    @property
    def is_everything(self) -> bool:
        return self.is_all and self.limit is None

    @property
    def is_by_owner(self) -> bool:
        """Whether the owner alone decides."""
        return self.limit is None and not self.opened and not self.shared and self.many is None

    def holds(self, pk: int, owner: int | None) -> bool | None:
        """Whether a record is among these; None where the database must say."""
        if self.is_nothing:
            return False
        if self.limit is not None:
            return None
        if self.is_all or owner in self.owners or pk in self.shared:
            return True
        return None if self.many is not None or any(one.may_hold(owner) for one in self.opened) else False

    @property
    def strands(self) -> Strands | None:
        """By whom and how these are found quickest; None where an index answers as it is."""
        is_plain = self.is_by_owner and len(self.owners) == 1
        if self.is_all or is_plain:
            return None
        is_open = self.many is not None or any(one.owners is None for one in self.opened)
        others = frozenset[int]().union(*(one.owners or () for one in self.opened)) - self.owners
        return Strands(sorted(self.owners), sorted(self.shared), sorted(others), is_open)

    def narrowed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the queryset's records that are among these."""
        if self.is_nothing:
            return queryset.none()
        aliases, condition = self.condition
        found = queryset.alias(**aliases) if aliases else queryset
        return found.filter(condition) if condition else found

    @cached_property
    def condition(self) -> Condition:
        """`owner IN (…) OR (owner IN (…) AND …) OR id IN (…)`: an index for each part, and planners know its size.

        An `owner IN (all of them)` beside it would be one more thing to go by, but makes PostgreSQL expect a tenth of
        the rows.
        """
        if self.is_all:
            return {}, self.limit or Q()
        aliases: dict[str, Any] = {}
        parts = [_of_owners(self.owners)] if self.owners else []
        for opened in self.opened:
            found = opening.condition(self.record_type, opened)
            if found is not None:
                aliases |= found[0]
                beyond = None if opened.owners is None else opened.owners - self.owners
                parts.append(found[1] if beyond is None else _of_owners(beyond) & found[1])
        everything = _either(*parts, self._by_hand)
        return aliases, everything & self.limit if self.limit is not None else everything

    @property
    def _by_hand(self) -> Q | None:
        if self.many is not None:
            return Q(Exists(self.many.filter(record_id=OuterRef("pk"))))
        return Q(pk__in=listed(self.shared)) if self.shared else None


def _of_owners(owners: Collection[int]) -> Q:
    return Q(owner_id__in=listed(owners)) if len(owners) != 1 else Q(owner_id=next(iter(owners)))


def listed(ids: Iterable[int]) -> RawSQL:
    """Some ids as a query has them after IN, written out: Django would look at each of them again and again."""
    return RawSQL(", ".join(str(int(pk)) for pk in sorted(ids)), ())  # noqa: S611  numbers


def _either(*parts: Q | None) -> Q:
    """At least one of these; where there is none, nothing."""
    known = [part for part in parts if part is not None]
    if not known:
        return Q(pk__in=())
    combined = known[0]
    for part in known[1:]:
        combined |= part
    return combined


def of(record_type: RecordType, user: User | None, level: str = READ) -> Sight:
    """What `user` sees of a type, with the level `write` changes, with `delete` deletes. Without user: everything."""
    if user is None:
        return Sight(record_type, is_all=True)
    memory = company.memory()
    key = ("sight", record_type.name, level, user.pk, user.role_keys, user.team_id, user.is_superuser)
    if key not in memory:
        memory[key] = _of(record_type, user, level)
    found: Sight = memory[key]
    return found


def _of(record_type: RecordType, user: User, level: str) -> Sight:
    granted = rights(record_type, user)
    reaches = {READ: granted.reads, WRITE: granted.writes, DELETE: granted.deletes}[level]
    nothing = Sight(record_type, limit=record_type.restrict(user))
    if not reaches:
        return nothing
    if "all" in reaches:
        return replace(nothing, is_all=True)
    found = replace(nothing, owners=reached(user, reaches))
    return found if level == DELETE else _opened(found, user, level)


def _opened(found: Sight, user: User, level: str) -> Sight:
    """What else is open to somebody whose roles may read the type, or change it."""
    record_type = found.record_type
    if opening.level(record_type, user) in (level, Level.WRITE):
        return Sight(record_type, is_all=True, limit=found.limit)
    owners, conditional = set(found.owners), []
    for rule in opening.united(opening.rules(record_type, user), level):
        if rule.where:
            conditional.append(rule)
        elif rule.owners is None:
            return Sight(record_type, is_all=True, limit=found.limit)
        else:
            owners |= rule.owners
    by_hand = shares.of(record_type, user)
    return replace(
        found,
        owners=frozenset(owners),
        opened=tuple(one for one in conditional if one.owners is None or not one.owners <= owners),
        shared=by_hand.of(level),
        many=by_hand.rows(level),
    )


def reached(user: User, reaches: Iterable[str]) -> frozenset[int]:
    """The owners whom these reaches hold, this person among them."""
    return frozenset({user.pk}).union(*(of_reach(user, reach) for reach in reaches))


def of_reach(user: User, reach: str) -> frozenset[int]:
    today = chart.current()
    if reach == "team":
        return today.members(user.team_id)
    if reach == "below":
        return today.with_role(today.roles_below(user.role_keys))
    return frozenset({user.pk})
