"""Who may see and change what: rules with labels, compiled into every query.

First form: a record type grants each role a reach (`own`, `team`, `all`). `rules` is the one place that further
kinds of rules join; everything else asks `visible_q`, `editable_q` and `may`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kariz.accounts.roles import EXTERNAL
from kariz.core.registry import Grant, RecordType

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.models import Record

VERBS = (
    "create", "read", "edit", "delete", "export", "import", "bulk", "convert", "merge", "undo_others",
)  # fmt: skip
NOTHING = Q(pk__in=())
EVERYTHING = Q()
ALL = Grant("all", "all", may_create=True, may_delete=True, may_export=True)
NONE = Grant()


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
    "all": _("Your role sees all of these records."),
}


def grant(record_type: RecordType, user: User | None) -> Grant:
    """What the user's role is granted; no user is the program itself, which may do everything."""
    if user is None or user.is_administrator:
        return ALL
    return record_type.rights.get(user.role, NONE)


def rules(record_type: RecordType, user: User | None, reach: str) -> list[Rule]:
    if reach == "all" or user is None:
        return [Rule(REASONS["all"], EVERYTHING)]
    if reach == "team":
        return [Rule(REASONS["team"], Q(owner_id__in=user.team_member_ids))]
    if reach == "own":
        return [Rule(REASONS["own"], Q(owner_id=user.pk))]
    return []


def visible_q(record_type: RecordType, user: User | None) -> Q:
    return _compiled(record_type, user, grant(record_type, user).read)


def editable_q(record_type: RecordType, user: User | None) -> Q:
    return _compiled(record_type, user, grant(record_type, user).write)


def _compiled(record_type: RecordType, user: User | None, reach: str) -> Q:
    found = rules(record_type, user, reach)
    if not found:
        return NOTHING
    combined = found[0].q
    for rule in found[1:]:
        combined |= rule.q
    limit = record_type.restrict(user) if user else None
    return combined & limit if limit is not None else combined


def owners(record_type: RecordType, user: User | None) -> tuple[int, ...] | None:
    """The owners whose records the user may see, for tables that hold only the owner; None means everyone's."""
    reach = grant(record_type, user).read
    if reach == "all" or user is None:
        return None
    return {"team": user.team_member_ids, "own": (user.pk,)}.get(reach, ())


def may_read(record_type: RecordType, user: User | None) -> bool:
    return grant(record_type, user).read != "none"


def may_create(record_type: RecordType, user: User | None) -> bool:
    return grant(record_type, user).may_create


def may_export(record_type: RecordType, user: User | None) -> bool:
    """Whether the user may take the records that he sees out as a file."""
    granted = grant(record_type, user)
    is_inside = user is None or user.role not in EXTERNAL
    return granted.read != "none" and (is_inside or granted.may_export)


def readable(record_type: RecordType, user: User | None) -> dict[str, Field]:
    """The fields whose values the user may read: today every one that is not hidden from all."""
    return record_type.fields


def writable(record_type: RecordType, user: User | None) -> dict[str, Field]:
    """The fields whose values the user may set: of those that he may read, the ones that Kariz does not keep."""
    return {name: one for name, one in readable(record_type, user).items() if not one.is_readonly}


def may(record_type: RecordType, user: User | None, verb: str) -> bool:
    """Whether the user may do this to any records of the type at all. Raises `KeyError` for an unknown verb."""
    granted = grant(record_type, user)
    writes = granted.write != "none"
    return {
        "create": granted.may_create,
        "read": granted.read != "none",
        "edit": writes,
        "delete": granted.may_delete,
        "export": may_export(record_type, user),
        "import": granted.may_create,
        "bulk": writes,
        "convert": writes,
        "merge": writes and granted.may_delete,
        "undo_others": user is None or user.is_administrator,
    }[verb]


def may_write(record_type: RecordType, user: User | None, record: Record) -> bool:
    """Whether the user may change this record, which he can see. No query."""
    return _reaches(grant(record_type, user).write, user, record)


def may_delete(record_type: RecordType, user: User | None, record: Record) -> bool:
    granted = grant(record_type, user)
    return granted.may_delete and _reaches(granted.delete or granted.write, user, record)


def _reaches(reach: str, user: User | None, record: Record) -> bool:
    if reach == "all" or user is None:
        return True
    if reach == "team":
        return record.owner_id in user.team_member_ids
    return reach == "own" and record.owner_id == user.pk
