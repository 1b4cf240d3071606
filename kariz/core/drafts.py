"""A draft: one record on its way through the writing door, with what was asked, what changes, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kariz.core import choices, compiled
from kariz.core.compiled import Compiled
from kariz.core.fieldtypes import FieldError
from kariz.core.profiles import rights

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.models import Choice, Record
    from kariz.core.registry import RecordType

WHOLE_RECORD = "__all__"
STAMPS = frozenset({"created_at", "updated_at", "created_by"})


@dataclass(eq=False)
class Draft:
    """`values` are as typed, or as stored where `is_stored` says so, or what `Field.parse` gave where `is_parsed` does;
    `is_trusted` writes what the program keeps.
    """

    record_type: RecordType
    record: Record
    values: Mapping[str, Any]
    user: User | None
    reader: Locale
    is_trusted: bool = False
    is_stored: bool = False
    is_parsed: bool = False
    is_new: bool = field(init=False)
    compiled: Compiled = field(init=False)
    given: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.is_new = self.record._state.adding
        self.compiled = compiled.of(self.record_type)

    def error(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)

    def changed(self, *names: str) -> bool:
        """Whether any of these fields now holds something else than before. For use in `prepare` and later."""
        if self.is_new:
            return bool(names)
        fields = self.compiled.fields
        return any(
            self.before.get(name) != fields[name].type.store(fields[name].get(self.record)) for name in names
        )

    def old(self, name: str) -> Any:
        """The stored value that the field had before this draft."""
        return self.before.get(name)

    def parse(self) -> None:
        """Read `values` and put them on the record; every error is kept under its field."""
        fields = self.compiled.fields
        self.before = {} if self.is_new else self.compiled.stored(self.record)
        known = rights(self.record_type, None if self.is_trusted else self.user)
        for name, raw in self.values.items():
            found = fields.get(name)
            if found is None or name in known.hidden:
                self.error(name, _("There is no field “%(name)s”.") % {"name": name})
            elif name in known.readonly:
                self.error(name, _("You may not change “%(field)s”.") % {"field": found.label})
            elif found.is_readonly and not self.is_trusted:
                self.error(
                    name, _("“%(field)s” is kept by Kariz and cannot be set.") % {"field": found.label}
                )
            else:
                self._take(found, raw)
        if not self.is_stored:
            if self.is_new:
                self._fill_defaults()
            self._regroup()

    def _take(self, found: Field, raw: Any) -> None:
        try:
            value = self._read(found, raw)
        except FieldError as error:
            self.error(found.name, str(error))
            return
        self.given[found.name] = value
        found.set(self.record, value)

    def _read(self, found: Field, raw: Any) -> Any:
        if self.is_parsed:
            return raw
        return found.type.load(raw) if self.is_stored else found.parse(raw, self.reader)

    def _fill_defaults(self) -> None:
        for found in self.compiled.with_default:
            if found.name in self.given or not found.type.is_empty(found.get(self.record)):
                continue
            value = self._default(found)
            if value is not None:
                found.set(self.record, value)

    def _default(self, found: Field) -> Any:
        if found.default is not None:
            return found.type.load(found.default)
        if found.name == "owner":
            return self.user.pk if self.user else None
        if found.name == "currency":
            return self.reader.currency
        if found.type.name == "choice":
            return choices.default(found.record_type, found.name, self._group(found)) or None
        return None

    def _group(self, found: Field) -> str | None:
        return self.compiled.fields[found.group].get(self.record) if found.group else None

    def _regroup(self) -> None:
        """Where the group has changed, a choice gives way to the new group's that reads alike, or to its default."""
        for found in self.compiled.grouped:
            if not self.changed(found.group, found.name) or self._fits_group(found):
                continue
            group = self._group(found)
            held = choices.find(found.record_type, found.name, found.get(self.record))
            alike = choices.named(found.record_type, found.name, held.label, group) if held else None
            if alike:
                found.set(self.record, alike.key)
            elif found.name not in self.given:
                found.set(self.record, choices.default(found.record_type, found.name, group))

    @property
    def entered(self) -> Choice | None:
        """The stage that this draft moves the record to, None where it does not move."""
        path = self.record_type.path
        return self._chosen(path) if path and self.changed(path) else None

    def set_from_choices(self) -> None:
        """Set what the chosen values set, where the person has not said otherwise; only a stage replaces a value."""
        if self.is_stored:
            return
        fields = self.compiled.fields
        for name in choices.setting(self.record_type.name):
            chosen = self._chosen(name) if name in fields and self.changed(name) else None
            for target, stored in (chosen.sets if chosen else {}).items():
                found = fields.get(target)
                if (
                    found
                    and target not in self.given
                    and (name == self.record_type.path or self._is_empty(found))
                ):
                    found.set(self.record, found.type.load(stored))

    def _chosen(self, name: str) -> Choice | None:
        found = self.compiled.fields[name]
        return choices.find(self.record_type.name, name, found.get(self.record), self._group(found))

    def compute(self) -> None:
        """Set the fields that are computed from others."""
        computed = self.record_type.computed
        if not computed:
            return
        fields = self.compiled.fields
        values = {
            name: found.get(self.record) for name, found in fields.items() if found.type.name != "links"
        }
        for found, formula in computed:
            result = formula.evaluate(values)
            values[found.name] = _fitting(found, result, self.reader)
            found.set(self.record, values[found.name])

    def check(self) -> None:
        """Keep an error for each required field that is empty and each choice outside its group."""
        fields = self.compiled.fields
        for found in self.compiled.checked:
            name = found.name
            touched = self.is_new or name in self.given
            if found.is_required and touched and name not in self.errors and self._is_empty(found):
                self.error(name, _("“%(field)s” is required.") % {"field": found.label})
            if found.group and self.changed(name, found.group) and not self._fits_group(found):
                self.error(name, _("“%(field)s” does not fit the chosen “%(group)s”.") % {
                    "field": found.label, "group": fields[found.group].label
                })  # fmt: skip
        stage = self.entered
        if stage and not self.is_trusted:
            self._check_asked(stage)

    def _check_asked(self, stage: Choice) -> None:
        """Keep an error for each empty field that the entered stage asks for."""
        fields = self.compiled.fields
        for name in stage.asks:
            if name in fields and name not in self.errors and self._is_empty(fields[name]):
                words = {"field": fields[name].label, "stage": _(stage.label)}
                self.error(name, _("“%(field)s” is needed for “%(stage)s”.") % words)

    def _is_empty(self, found: Field) -> bool:
        return found.type.is_empty(found.get(self.record))

    def _fits_group(self, found: Field) -> bool:
        key = found.get(self.record)
        return not key or choices.find(found.record_type, found.name, key, self._group(found)) is not None

    def measure(self) -> None:
        """Set the completeness in percent, rounded, and the key by which lists sort names."""
        expected = self.compiled.expected
        if expected:
            filled = sum(not self._is_empty(found) for found in expected)
            self.record.completeness = round(100 * filled / len(expected))

    def compare(self) -> None:
        """Set `changes`: field → [stored before, stored after], of the fields that differ."""
        after = self.compiled.stored(self.record)
        if self.is_new:
            self.changes = {
                name: [None, value] for name, value in after.items() if value and name not in STAMPS
            }
            return
        before = self.before
        self.changes = {
            name: [before.get(name), value]
            for name, value in after.items()
            if value != before.get(name) and name not in STAMPS
        }


def stored_values(record_type: RecordType, record: Record) -> dict[str, Any]:
    """Every field's value as the change log keeps it."""
    return compiled.of(record_type).stored(record)


def _fitting(found: Field, result: Any, reader: Locale) -> Any:
    """A formula's result as its field's type holds it; empty where it does not fit."""
    try:
        return found.parse(result, reader)
    except FieldError:
        return found.type.empty
