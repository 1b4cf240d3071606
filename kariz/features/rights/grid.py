"""What a profile may do with each record type, as a table to fill in, and which fields its people see."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kariz import audit
from kariz.accounts import company
from kariz.accounts.models import Profile
from kariz.accounts.roles import ShippedRole
from kariz.core import profiles, registry
from kariz.core.grants import FieldGrant, ProfileGrant, Reach
from kariz.core.registry import RecordType

REACHES = {
    "read": gettext_lazy("Sees"),
    "write": gettext_lazy("Edits"),
    "delete_reach": gettext_lazy("Deletes"),
}
SHORT = [
    (Reach.NONE.value, pgettext_lazy("whose records", "None")),
    (Reach.OWN.value, pgettext_lazy("whose records", "Own")),
    (Reach.TEAM.value, pgettext_lazy("whose records", "Team")),
    (Reach.BELOW.value, pgettext_lazy("whose records", "Roles below")),
    (Reach.ALL.value, pgettext_lazy("whose records", "All")),
]
"""The reaches as they fit into the table."""
VERBS = {
    "may_create": gettext_lazy("Add"),
    "may_export": gettext_lazy("Export"),
    "may_import": gettext_lazy("Import"),
    "may_bulk": gettext_lazy("Change many"),
    "may_convert": gettext_lazy("Convert"),
    "may_merge": gettext_lazy("Merge"),
    "may_undo_others": gettext_lazy("Undo others"),
}
EDIT = ""
"""Neither hidden nor only read: such a field has no row."""


@dataclass
class Line:
    """One record type of the table. `is_changed` tells whether it differs from what is shipped."""

    record_type: RecordType
    grant: ProfileGrant
    is_changed: bool = False
    error: str = ""

    @property
    def reaches(self) -> list[tuple[str, Any, str]]:
        """The name of each control, its label and its value."""
        return [
            (f"{self.record_type.name}-{name}", label, getattr(self.grant, name))
            for name, label in REACHES.items()
        ]

    @property
    def verbs(self) -> list[tuple[str, Any, bool]]:
        return [
            (f"{self.record_type.name}-{name}", label, getattr(self.grant, name))
            for name, label in VERBS.items()
        ]


def is_shipped(profile: Profile) -> bool:
    return profile.key in ShippedRole.values


def is_everything(profile: Profile) -> bool:
    """Whether this is the administrator's profile, which nobody narrows."""
    return profile.key == ShippedRole.ADMINISTRATOR


def lines(profile: Profile) -> list[Line]:
    kept = set(ProfileGrant.objects.filter(profile=profile).values_list("record_type", flat=True))
    return [
        Line(one, profiles.row_of(profile, one), is_shipped(profile) and one.name in kept)
        for one in registry.every()
    ]


def fill_in(line: Line, sent: Mapping[str, str]) -> bool:
    """Take over what was sent for this type; whether it differs from what held. A wrong reach is an error."""
    before = _values(line.grant)
    for name in REACHES:
        value = sent.get(f"{line.record_type.name}-{name}", "")
        if value in Reach.values:
            setattr(line.grant, name, value)
        else:
            line.error = _("Choose how far it reaches.")
    for name in VERBS:
        setattr(line.grant, name, f"{line.record_type.name}-{name}" in sent)
    seen = profiles.HOLDS[line.grant.read]
    if not (profiles.HOLDS[line.grant.write] | profiles.HOLDS[line.grant.delete_reach]) <= seen:
        line.error = _("Nobody edits or deletes records that they do not see.")
    return _values(line.grant) != before


def _values(grant: ProfileGrant) -> dict[str, Any]:
    return {name: getattr(grant, name) for name in (*REACHES, *VERBS)}


@transaction.atomic
def keep(changed: list[Line]) -> None:
    """Store the lines that differ from what held; the others go on following what is shipped."""
    for line in changed:
        kept = ProfileGrant.objects.filter(profile=line.grant.profile, record_type=line.record_type.name)
        row = kept.first() or line.grant
        with _noted(line.grant.profile, line.record_type, row):
            for name, value in _values(line.grant).items():
                setattr(row, name, value)
            row.save()
    company.touch()


@transaction.atomic
def as_shipped(profile: Profile, record_type: RecordType) -> None:
    for row in ProfileGrant.objects.filter(profile=profile, record_type=record_type.name):
        with _noted(profile, record_type, row):
            row.delete()
    company.touch()


def _noted(
    profile: Profile, record_type: RecordType, row: ProfileGrant | FieldGrant
) -> AbstractContextManager[None]:
    return audit.changing("rights.profile", row, about=profile, type=record_type.name)


@dataclass(frozen=True)
class FieldLine:
    """One field, what may be chosen for it, and what is."""

    name: str
    label: Any
    choices: list[tuple[str, Any]]
    level: str
    note: Any = field(default="")


def field_lines(profile: Profile, record_type: RecordType) -> list[FieldLine]:
    kept = FieldGrant.objects.filter(profile=profile, record_type=record_type.name)
    levels = dict(kept.values_list("field", "level"))
    hidden = {name for name, level in levels.items() if level == FieldGrant.Level.HIDDEN}
    computed = {one.name: formula.names & hidden for one, formula in record_type.computed}
    return [
        FieldLine(
            one.name,
            one.label,
            _choices(record_type, one),
            levels.get(one.name, EDIT),
            _("Hidden: its formula reads a hidden field.") if computed.get(one.name) else "",
        )
        for one in record_type.fields.values()
    ]


def _choices(record_type: RecordType, one: Any) -> list[tuple[str, Any]]:
    """What the program itself writes is read or hidden; what names a record is never hidden."""
    found: list[tuple[str, Any]] = [(EDIT, _("May read") if one.is_readonly else _("May edit"))]
    if not one.is_readonly:
        found.append((FieldGrant.Level.READONLY.value, _("May read")))
    if profiles.may_be_hidden(record_type, one.name):
        found.append((FieldGrant.Level.HIDDEN.value, FieldGrant.Level.HIDDEN.label))
    return found


@transaction.atomic
def keep_fields(profile: Profile, record_type: RecordType, sent: Mapping[str, str]) -> None:
    """Store what was chosen for the fields that are shown; what cannot be chosen stays as it was."""
    for line in field_lines(profile, record_type):
        chosen = sent.get(f"field-{line.name}", line.level)
        if chosen not in dict(line.choices):
            continue
        if chosen == line.level:
            continue
        key: dict[str, Any] = {"profile": profile, "record_type": record_type.name, "field": line.name}
        row = FieldGrant.objects.filter(**key).first() or FieldGrant(**key)
        with _noted(profile, record_type, row):
            if chosen == EDIT:
                row.delete()
            else:
                row.level = chosen
                row.save()
    company.touch()
