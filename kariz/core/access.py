"""Who may see and change what: rules with labels, compiled into every query.

What somebody's roles grant is in `core.profiles`. `rules` is the one place that further kinds of rules join;
everything else asks `visible_q`, `editable_q` and `may`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kariz.accounts import chart
from kariz.core.profiles import VERBS, readable, rights, writable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kariz.accounts.models import User
    from kariz.core.models import Record
    from kariz.core.registry import RecordType

__all__ = [
    "VERBS", "Forbidden", "Rule", "editable_q", "may", "may_delete", "may_write", "owners", "readable", "rules",
    "sees_all", "visible_q", "writable", "writable_among",
]  # fmt: skip

NOTHING = Q(pk__in=())
EVERYTHING = Q()


class Forbidden(Exception):
    """The person may see the record but not do this with it."""


@dataclass(frozen=True)
class Rule:
    """One reason to see records: `q` matches them, `label` says why."""

    label: Any
    q: Q


REASONS = {
    "own": _("You are responsible for it."),
    "team": _("It belongs to your team."),
    "below": _("It belongs to somebody below you."),
    "all": _("Your role sees all of these records."),
}


def may(record_type: RecordType, user: User | None, verb: str) -> bool:
    """Whether the user may do this with records of the type, with some of them at least. `verb` is one of `VERBS`."""
    return verb in rights(record_type, user).verbs


def rules(record_type: RecordType, user: User | None, reaches: Collection[str] | None = None) -> list[Rule]:
    """The reasons for which the user sees records of the type, or does what reaches so far."""
    if reaches is None:
        reaches = rights(record_type, user).reads
    if "all" in reaches or user is None:
        return [Rule(REASONS["all"], EVERYTHING)]
    found: list[Rule] = []
    for reach in ("team", "below", "own"):
        if reach in reaches and not (reach == "own" and found):
            ids = _of_reach(user, reach)
            found.append(Rule(REASONS[reach], Q(owner_id__in=ids) if len(ids) > 1 else Q(owner_id=user.pk)))
    return found


def _of_reach(user: User, reach: str) -> frozenset[int]:
    """The owners whom a reach holds, this person among them."""
    who = chart.current()
    found = {
        "own": frozenset[int](),
        "team": who.members(user.team_id),
        "below": who.with_role(who.roles_below(user.role_keys)),
    }[reach]
    return found | {user.pk}


def _reached(user: User, reaches: Iterable[str]) -> frozenset[int]:
    return frozenset[int]().union(*(_of_reach(user, reach) for reach in reaches))


def visible_q(record_type: RecordType, user: User | None) -> Q:
    return _compiled(record_type, user, rights(record_type, user).reads)


def editable_q(record_type: RecordType, user: User | None) -> Q:
    return _compiled(record_type, user, rights(record_type, user).writes)


def _compiled(record_type: RecordType, user: User | None, reaches: Collection[str]) -> Q:
    found = rules(record_type, user, reaches)
    if not found:
        return NOTHING
    combined = found[0].q
    for rule in found[1:]:
        combined |= rule.q
    limit = record_type.restrict(user) if user else None
    return combined & limit if limit is not None else combined


def sees_all(record_type: RecordType, user: User | None) -> bool:
    """Whether the user sees every record of the type."""
    return visible_q(record_type, user) == EVERYTHING


def owners(record_type: RecordType, user: User | None) -> tuple[int, ...] | None:
    """The owners whose records the user may see, for tables that hold only the owner; None means everyone's."""
    reaches = rights(record_type, user).reads
    if "all" in reaches or user is None:
        return None
    return tuple(sorted(_reached(user, reaches)))


def may_write(record_type: RecordType, user: User | None, record: Record) -> bool:
    """Whether the user may change this record, which he can see. No query."""
    return _reaches(rights(record_type, user).writes, user, record)


def writable_among(record_type: RecordType, user: User | None, records: Iterable[Record]) -> set[int]:
    """The ids of those of the records, all of which the user can see, that he may change."""
    return {record.pk for record in records if may_write(record_type, user, record)}


def may_delete(record_type: RecordType, user: User | None, record: Record) -> bool:
    """Whether the user may delete this record, which he can see. No query."""
    return _reaches(rights(record_type, user).deletes, user, record)


def _reaches(reaches: Collection[str], user: User | None, record: Record) -> bool:
    return "all" in reaches or user is None or record.owner_id in _reached(user, reaches)
