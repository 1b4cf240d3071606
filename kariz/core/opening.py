"""Sharing rules and the openness of types, as administrators have set them: what is open to whom beside one's reach."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet

from kariz.accounts import chart
from kariz.accounts.locale import Locale, use
from kariz.accounts.revision import by_revision
from kariz.core import conditions, registry
from kariz.core.conditions import BadCondition
from kariz.core.grants import Level, SharingRule, TypeSharing

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType

Condition = tuple[dict[str, Any], Q]
"""The aliases that a query must have, and what it is filtered by."""


@dataclass(frozen=True)
class Opened:
    """Records that a rule opens: those of `owners` (None is everybody's, and nobody's) that meet `where`."""

    id: int
    name: str
    owners: frozenset[int] | None
    where: Any
    level: str

    def may_hold(self, owner: int | None) -> bool:
        return self.owners is None or owner in self.owners


def level(record_type: RecordType, user: User) -> str:
    """How far a type is open to this person: `private`, `read` or `write`."""
    return TypeSharing.Level.PRIVATE if user.is_external else _levels().get(record_type.name, "private")


def rules(record_type: RecordType, user: User) -> list[Opened]:
    """What the rules in force open to this person."""
    return [_opened(row) for row in _rules().get(record_type.name, ()) if _is_for(row, user)]


def condition(record_type: RecordType, opened: Opened) -> Condition | None:
    """What the records of a rule meet; the same for everybody: days are the company's. None where it cannot be asked.

    A field that the condition names may have gone since: then the rule opens nothing.
    """
    known, ours = _conditions(), Locale.of(None)
    key = (opened.id, ours.today())
    if key not in known:
        try:
            with use(ours):
                whole = registry.get(record_type.name)  # whatever the person sees of it
                known[key] = conditions.compiled(whole, opened.where, None)
        except BadCondition:
            known[key] = None
    return known[key]


@by_revision
def _conditions() -> dict[tuple[int, Any], Condition | None]:
    """What has been compiled since the revision moved on, by rule and day."""
    return {}


@by_revision
def _levels() -> dict[str, str]:
    return dict(TypeSharing.objects.values_list("record_type", "level"))


@by_revision
def _rules() -> dict[str, list[SharingRule]]:
    found: dict[str, list[SharingRule]] = {}
    for row in _keyed(SharingRule.objects.filter(is_active=True).order_by("pk")):
        found.setdefault(row.record_type, []).append(row)
    return found


def _keyed(rows: QuerySet[SharingRule]) -> QuerySet[Any]:
    keyed: QuerySet[Any] = rows.annotate(owner_key=F("owner_role__key"), with_key=F("with_role__key"))
    return keyed


def held(record_type: RecordType, rule: int) -> QuerySet[Any]:
    """The records that a rule opens to whom it is for, be it in force or not."""
    opened = _opened(_keyed(SharingRule.objects.filter(record_type=record_type.name)).get(pk=rule))
    rows: QuerySet[Any] = record_type.model.objects.all()
    if opened.owners is not None:
        rows = rows.filter(owner__in=opened.owners)
    if not opened.where:
        return rows
    found = condition(record_type, opened)
    if found is None:
        return rows.none()
    aliases, where = found
    met: QuerySet[Any] = rows.alias(**aliases).filter(where)
    return met


def _is_for(row: Any, user: User) -> bool:
    today = chart.current()
    match row.shared_with:
        case SharingRule.With.INSIDE:
            return not user.is_external
        case SharingRule.With.ROLE:
            return row.with_key in user.role_keys
        case SharingRule.With.ROLE_BELOW:
            return not today.roles_below([row.with_key], itself=True).isdisjoint(user.role_keys)
        case SharingRule.With.TEAM:
            return row.with_team_id in today.teams_above(user.team_id)
    return bool(row.with_user_id == user.pk)


def _opened(row: Any) -> Opened:
    return Opened(row.pk, row.name, _owners(row), row.where or None, row.level)


def _owners(row: Any) -> frozenset[int] | None:
    today = chart.current()
    match row.owners:
        case SharingRule.Owners.EVERYONE:
            return None
        case SharingRule.Owners.ROLE:
            return today.with_role([row.owner_key])
        case SharingRule.Owners.ROLE_BELOW:
            return today.with_role(today.roles_below([row.owner_key], itself=True))
        case SharingRule.Owners.TEAM:
            return today.members(row.owner_team_id)
    return frozenset({row.owner_user_id})


def united(opened: Iterable[Opened], wanted: str) -> list[Opened]:
    """What opens records as far as `wanted`, those with the same condition as one: what may be changed may be read."""
    found: dict[str, Opened] = {}
    for one in opened:
        if wanted == Level.READ or one.level == Level.WRITE:
            key = json.dumps(one.where)
            found[key] = _both(found[key], one) if key in found else one
    return list(found.values())


def _both(one: Opened, other: Opened) -> Opened:
    is_of_all = one.owners is None or other.owners is None
    return replace(
        one, owners=None if is_of_all else (one.owners or frozenset()) | (other.owners or frozenset())
    )
