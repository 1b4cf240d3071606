"""Why somebody sees a record, and who does: the rules of `core.sight` in words, for one record at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from kariz.accounts import chart
from kariz.accounts.models import User
from kariz.core import opening, shares, sight
from kariz.core.grants import Level, Share
from kariz.core.opening import Condition, Opened
from kariz.core.profiles import rights

if TYPE_CHECKING:
    from kariz.core.models import Record
    from kariz.core.registry import RecordType

# What is said to the person, and what is said of the person.
TEXTS: dict[str, tuple[Any, Any]] = {
    "own": (_("You are responsible for it."), _("Responsible for it.")),
    "team": (_("It belongs to your team."), _("It belongs to their team.")),
    "below": (_("It belongs to somebody below you."), _("It belongs to somebody below them.")),
    "all": (_("Your role sees all of these records."), _("Their role sees all of these records.")),
    "open": (_("It is open to everybody inside."),) * 2,
    "rule": (_("The rule “%(rule)s” opens it."),) * 2,
    "share user": (_("%(by)s has shared it with you."), _("%(by)s has shared it with them.")),
    "share team": (_("%(by)s has shared it with your team."), _("%(by)s has shared it with their team.")),
    "share role": (_("%(by)s has shared it with your role."), _("%(by)s has shared it with their role.")),
    "collaborator": (_("You work on it together with others."), _("Works on it together with others.")),
    "handed": (_("It was handed over to you."), _("It was handed over to them.")),
}


@dataclass(frozen=True)
class Reason:
    """One rule that lets somebody see a record, `may_write` whether also change it. `kind` is a key of `TEXTS`."""

    kind: str
    may_write: bool
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def to_you(self) -> str:
        return str(TEXTS[self.kind][0]) % self.words

    @property
    def of_them(self) -> str:
        return str(TEXTS[self.kind][1]) % self.words


@dataclass(frozen=True)
class Reader:
    """Somebody who sees a record, and why."""

    user: User
    reasons: list[Reason]

    @property
    def may_write(self) -> bool:
        return any(reason.may_write for reason in self.reasons)


def why(record_type: RecordType, record: Record, user: User) -> list[Reason]:
    """Every reason for which the user sees the record; none where he does not. Three queries at most."""
    return _Known(record_type, record, [user]).reasons(user)


def who(record_type: RecordType, record: Record) -> list[Reader]:
    """The active people who see the record, by name, with their reasons. Four queries at most, however many people."""
    people = list(User.objects.filter(is_active=True))
    known = _Known(record_type, record, people)
    readers = (Reader(one, known.reasons(one)) for one in people)
    return [one for one in readers if one.reasons]


class _Known:
    """What the database says of one record, asked once for all the people."""

    def __init__(self, record_type: RecordType, record: Record, people: Iterable[User]) -> None:
        self.record_type, self.record = record_type, record
        reading = [one for one in people if rights(record_type, one).reads]
        self.rules = {one.pk: opening.rules(record_type, one) for one in reading}
        limits = {one.pk: limit for one in reading if (limit := record_type.restrict(one)) is not None}
        asked: dict[str, Condition] = {f"limit_{pk}": ({}, limit) for pk, limit in limits.items()}
        for rule in {rule.id: rule for rules in self.rules.values() for rule in rules}.values():
            condition = opening.condition(record_type, rule) if rule.where else None
            if condition and rule.may_hold(record.owner_id):
                asked[f"rule_{rule.id}"] = condition
        self.limited = {f"limit_{pk}" for pk in limits}
        self.met = _met(record_type, record.pk, asked)
        self.shares = _shares(record_type, record, reading)

    def reasons(self, user: User) -> list[Reason]:
        is_hidden = f"limit_{user.pk}" in self.limited - self.met
        if is_hidden or user.pk not in self.rules:
            return []
        granted = rights(self.record_type, user)
        found = [*self._by_reach(user)]
        if "all" not in granted.writes:
            found += self._opened(user, may_write=bool(granted.writes))
        if "all" in granted.reads:  # what else lets one see it says nothing more, unless one may change it
            return [one for one in found if one.kind == "all" or one.may_write]
        return found

    def _by_reach(self, user: User) -> Iterator[Reason]:
        granted = rights(self.record_type, user)
        if "all" in granted.reads:
            yield Reason("all", "all" in granted.writes)
        if "all" in granted.writes:
            return
        for reach in ("own", "team", "below"):
            if reach in granted.reads and self.record.owner_id in sight.of_reach(user, reach):
                yield Reason(reach, reach in granted.writes)
                if reach == "own":
                    return

    def _opened(self, user: User, *, may_write: bool) -> Iterator[Reason]:
        level = opening.level(self.record_type, user)
        if level != "private":
            yield Reason("open", may_write and level == Level.WRITE)
        for rule in self.rules[user.pk]:
            if self._opens(rule):
                yield Reason("rule", may_write and rule.level == Level.WRITE, {"rule": rule.name})
        for share in self.shares:
            if _is_with(share, user):
                words = {"by": str(share.by or _("Kariz"))}
                yield Reason(_kind(share), may_write and share.level == Level.WRITE, words)

    def _opens(self, rule: Opened) -> bool:
        if rule.where:
            return f"rule_{rule.id}" in self.met
        return rule.may_hold(self.record.owner_id)


def _met(record_type: RecordType, pk: int, asked: Mapping[str, Condition]) -> set[str]:
    """Those of the named conditions that the record meets. One query, none where there is nothing to ask."""
    if not asked:
        return set()
    rows = record_type.model.objects.filter(pk=pk)
    for aliases, _condition in asked.values():
        rows = rows.alias(**aliases)
    answers = {
        name: Case(When(condition, then=Value(1)), default=Value(0)) if condition else Value(1)
        for name, (_aliases, condition) in asked.items()
    }
    row = rows.values(**answers).first() or {}
    return {name for name, is_met in row.items() if is_met}


def _shares(record_type: RecordType, record: Record, people: Iterable[User]) -> list[Share]:
    """The shares of a record that are in force. None are read where they could concern nobody who is asked about."""
    if not shares.are_any() or all("all" in rights(record_type, one).writes for one in people):
        return []
    rows = Share.objects.filter(shares.in_force(), record_type=record_type.name, record_id=record.pk)
    return list(rows.select_related("by", "role").order_by("pk"))


def _is_with(share: Share, user: User) -> bool:
    if share.team_id:
        return share.team_id in chart.current().teams_above(user.team_id)
    if share.role:
        return share.role.key in user.role_keys
    return share.user_id == user.pk


def _kind(share: Share) -> str:
    if share.kind != Share.Kind.SHARE:
        return share.kind
    return "share team" if share.team_id else "share role" if share.role_id else "share user"
