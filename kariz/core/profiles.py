"""What people may do by their roles: the declarations of the shipped profiles, overridden by administrators' rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.db import transaction

from kariz.accounts import chart, company
from kariz.accounts.models import Profile
from kariz.accounts.revision import by_revision
from kariz.accounts.roles import ShippedRole
from kariz.core import registry
from kariz.core.grants import FieldGrant, ProfileGrant
from kariz.core.registry import Grant

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

VERBS = (
    "read", "edit", "create", "delete", "export", "import", "bulk", "convert", "merge", "undo_others",
)  # fmt: skip
ALL = Grant("all", "all", may_create=True, may_delete=True, may_export=True, may_undo_others=True)
NONE = Grant()
# What a reach holds: each of these, or whoever they are, is a reach of its own.
HOLDS = {
    "none": frozenset[str](),
    "own": frozenset({"own"}),
    "team": frozenset({"own", "team"}),
    "below": frozenset({"own", "below"}),
    "all": frozenset({"own", "team", "below", "all"}),
}


@dataclass(frozen=True)
class Rights:
    """What somebody may do with a record type: whose records each of three verbs reaches, and every verb there is."""

    reads: frozenset[str]
    writes: frozenset[str]
    deletes: frozenset[str]
    verbs: frozenset[str]
    hidden: frozenset[str] = frozenset()
    readonly: frozenset[str] = frozenset()


def rights(record_type: RecordType, user: User | None) -> Rights:
    """The rights of a person by all roles together; nobody is the program itself, which may do everything."""
    keys = None if user is None or user.is_administrator else user.role_keys
    known = _worked_out()
    found = known.get((record_type.name, keys))
    if found is None:
        found = EVERYTHING if keys is None else _united([_of_role(record_type, key) for key in keys])
        known[record_type.name, keys] = found
    return found


@by_revision
def _worked_out() -> dict[tuple[str, tuple[str, ...] | None], Rights]:
    """What has been worked out since the revision moved on."""
    return {}


def granted(record_type: RecordType, profile: str) -> Grant:
    """What people with the profile of this key may do with a type."""
    if profile == ShippedRole.ADMINISTRATOR:
        return ALL
    row = _rows().grants.get((profile, record_type.name))
    return row or record_type.rights.get(profile, NONE)


def _of_role(record_type: RecordType, key: str) -> Rights:
    post = chart.current().roles.get(key)
    if post is None:
        return _rights(NONE, is_external=True)
    found = _rights(granted(record_type, post.profile), is_external=post.is_external)
    levels = _rows().fields.get((post.profile, record_type.name), {})
    hidden = _with_computed(record_type, {name for name, level in levels.items() if level == "hidden"})
    return Rights(found.reads, found.writes, found.deletes, found.verbs, hidden, frozenset(levels) | hidden)


def _rights(grant: Grant, *, is_external: bool) -> Rights:
    reads = HOLDS[grant.read]
    writes = HOLDS[grant.write] & reads  # nobody changes what he does not see
    deletes = HOLDS[grant.delete or grant.write] & reads if grant.may_delete else HOLDS["none"]
    may = {
        "read": bool(reads),
        "edit": bool(writes),
        "create": grant.may_create,
        "delete": bool(deletes),
        "export": not is_external if grant.may_export is None else grant.may_export,
        "import": grant.may_create and not is_external if grant.may_import is None else grant.may_import,
        "bulk": bool(writes) if grant.may_bulk is None else grant.may_bulk,
        "convert": bool(writes) if grant.may_convert is None else grant.may_convert,
        "merge": bool(deletes) if grant.may_merge is None else grant.may_merge,
        "undo_others": grant.may_undo_others,
    }
    verbs = frozenset(verb for verb, does in may.items() if does and (reads or verb == "create"))
    return Rights(reads, writes, deletes, verbs)


EVERYTHING = _rights(ALL, is_external=False)


def _united(several: list[Rights]) -> Rights:
    """Several roles together may do what any of them may; a field is hidden that all hide who read the type."""
    reading = [one for one in several if one.reads]
    if not reading:
        return several[0] if len(several) == 1 else _rights(NONE, is_external=True)
    first, *others = reading
    return Rights(
        first.reads.union(*(one.reads for one in others)),
        first.writes.union(*(one.writes for one in others)),
        first.deletes.union(*(one.deletes for one in others)),
        first.verbs.union(*(one.verbs for one in several)),
        first.hidden.intersection(*(one.hidden for one in others)),
        first.readonly.intersection(*(one.readonly for one in others)),
    )


ALWAYS_SHOWN = frozenset({"owner", "created_by", "created_at", "updated_at", "currency"})


def may_be_hidden(record_type: RecordType, name: str) -> bool:
    """Whether a field can be hidden from anybody: without its name, or whose it is, since when and in which
    currency, a record says nothing.
    """
    return name != record_type.title and name not in ALWAYS_SHOWN


def _with_computed(record_type: RecordType, hidden: Iterable[str]) -> frozenset[str]:
    """These fields, as far as they may be hidden, and those whose formula reads one of them."""
    found = {name for name in hidden if may_be_hidden(record_type, name)}
    for field, formula in record_type.computed:  # each after those that it reads
        if found & formula.names:
            found.add(field.name)
    return frozenset(found)


@dataclass(frozen=True)
class _Rows:
    grants: Mapping[tuple[str, str], Grant]
    fields: Mapping[tuple[str, str], Mapping[str, str]]


@by_revision
def _rows() -> _Rows:
    grants = {
        (row.profile.key, row.record_type): _grant(row)
        for row in ProfileGrant.objects.select_related("profile")
    }
    levels: dict[tuple[str, str], dict[str, str]] = {}
    named = FieldGrant.objects.values_list("profile__key", "record_type", "field", "level")
    for profile, record_type, field, level in named:
        levels.setdefault((profile, record_type), {})[field] = level
    return _Rows(grants, levels)


ROW_VERBS = tuple(
    one.name for one in fields(Grant) if one.name.startswith("may_") and one.name != "may_delete"
)


def _grant(row: ProfileGrant) -> Grant:
    verbs = {name: getattr(row, name) for name in ROW_VERBS}
    return Grant(row.read, row.write, delete=row.delete_reach, may_delete=row.delete_reach != "none", **verbs)


def readable(record_type: RecordType, user: User | None) -> dict[str, Field]:
    """The fields whose values the user may read: those hidden from nobody, or from others."""
    hidden = rights(record_type, user).hidden
    if not hidden:
        return record_type.fields
    return {name: field for name, field in record_type.fields.items() if name not in hidden}


def writable(record_type: RecordType, user: User | None) -> dict[str, Field]:
    """The fields whose values the user may change in the records that he may change."""
    kept = rights(record_type, user).readonly
    return {
        name: field
        for name, field in record_type.fields.items()
        if not field.is_readonly and name not in kept
    }


@transaction.atomic
def copy(original: Profile, *, key: str, name: str) -> Profile:
    """A new profile that may do what `original` may today. Raises `ValidationError`."""
    made = Profile(key=key, name=name)
    made.full_clean()
    made.save()
    ProfileGrant.objects.bulk_create(
        row_of(made, record_type, original.key) for record_type in registry.every()
    )
    FieldGrant.objects.bulk_create(
        FieldGrant(profile=made, record_type=one.record_type, field=one.field, level=one.level)
        for one in FieldGrant.objects.filter(profile=original)
    )
    company.touch()
    return made


def row_of(profile: Profile, record_type: RecordType, original: str = "") -> ProfileGrant:
    """The unsaved row that says what `profile`, or the one with the key `original`, may do with a type today.

    What a declaration leaves to the role (whether its people work for somebody else) is as for people inside.
    """
    grant = granted(record_type, original or profile.key)
    found = _rights(grant, is_external=_is_external(original or profile.key))
    return ProfileGrant(
        profile=profile, record_type=record_type.name, read=grant.read, write=grant.write,
        delete_reach=(grant.delete or grant.write) if grant.may_delete else "none",
        **{name: name.removeprefix("may_") in found.verbs for name in ROW_VERBS},
    )  # fmt: skip


def _is_external(profile: str) -> bool:
    """Whether all roles with this profile are of people who work for somebody else."""
    posts = [post for post in chart.current().roles.values() if post.profile == profile]
    return bool(posts) and all(post.is_external for post in posts)
