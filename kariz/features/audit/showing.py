"""An entry as an administrator reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kariz.accounts import locale
from kariz.audit.kinds import kinds
from kariz.audit.models import Entry
from kariz.core import registry

# What is told of an entry beside who, when, from where and about what.
LABELS = {
    "typed": gettext_lazy("Name typed"),
    "did": gettext_lazy("What was done"),
    "field": gettext_lazy("Field"),
    "export": gettext_lazy("Export"),
    "rows": gettext_lazy("Records"),
    "which": gettext_lazy("Which"),
    "where": gettext_lazy("Condition"),
    "format": gettext_lazy("Kind of file"),
    "fields": gettext_lazy("Columns"),
    "is_kept": gettext_lazy("File kept for download"),
    "is_whole": gettext_lazy("Whole"),
    "whose": gettext_lazy("Whose"),
    "scope": gettext_lazy("May do"),
    "reason": gettext_lazy("Reason"),
    "batch": gettext_lazy("Kind of change"),
    "count": gettext_lazy("Changes"),
    "file": gettext_lazy("File"),
    "files": gettext_lazy("Files"),
    "size": gettext_lazy("Size in bytes"),
    "is_verified": gettext_lazy("Verified"),
    "made_at": gettext_lazy("Made"),
    "entries": gettext_lazy("Entries"),
    "end": gettext_lazy("End of the log"),
    "problems": gettext_lazy("Problems"),
    "problem_count": gettext_lazy("Number of problems"),
    "one_in": gettext_lazy("Noted: one view in"),
    "before": gettext_lazy("Before"),
    "records": gettext_lazy("Records"),
}
DID = {
    "added": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("removed"),
}
LONGEST = 80  # characters of a part of the summary
TRUE, FALSE = gettext_lazy("Yes"), gettext_lazy("No")


@dataclass(frozen=True)
class Changed:
    """A column of a row that was changed."""

    label: Any
    old: str
    new: str


@dataclass(frozen=True)
class Shown:
    entry: Entry

    @property
    def label(self) -> Any:
        return kinds.get(self.entry.kind, self.entry.kind)

    @property
    def who(self) -> str:
        if self.entry.who:
            return self.entry.who
        return _("Nobody signed in") if self.entry.kind.startswith("sign_in.") else _("Kariz")

    @property
    def at(self) -> str:
        return locale.active().moment(self.entry.at)

    @property
    def exact(self) -> str:
        """To the second, the same for everybody."""
        return f"{self.entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"

    @property
    def url(self) -> str:
        return reverse("audit:entry", args=[self.entry.pk])

    @property
    def about(self) -> str:
        """The title, after the word for what it is where there is one; without a title records of the type."""
        name, pk, title = self.entry.about_type, self.entry.about_id, self.entry.title
        if pk is None:
            return title or _type_label(name, is_plural=True)
        word = _type_label(name)
        return _("%(type)s: %(title)s") % {"type": word, "title": title} if title and word else title or word

    @property
    def about_url(self) -> str:
        """The page of the record that it is about."""
        name, pk = self.entry.about_type, self.entry.about_id
        known = {one.name for one in registry.every()}
        return (
            reverse("web:record", args=[registry.get(name), pk]) if pk is not None and name in known else ""
        )

    @cached_property
    def told(self) -> dict[str, Any]:
        return self.entry.told

    @property
    def details(self) -> list[tuple[Any, str]]:
        shown = (pair for pair in self.told.items() if pair[0] not in ("changes", "digests"))
        return [(LABELS.get(name, name), _written(name, value)) for name, value in shown]

    @property
    def changes(self) -> list[Changed]:
        labels = _column_labels(self.entry.about_type)
        pairs = self.told.get("changes") or {}
        return [
            Changed(labels.get(name, name), _written(name, old), _written(name, new))
            for name, (old, new) in sorted(pairs.items())
        ]

    @property
    def summary(self) -> list[str]:
        """The details that tell most, for a line."""
        return [one if len(one) <= LONGEST else f"{one[: LONGEST - 1]}…" for one in self._summed()]

    def _summed(self) -> Iterator[str]:
        for name in ("typed", "did", "which", "whose", "file", "reason"):
            if value := self.told.get(name):
                yield _written(name, value)
        if isinstance(rows := self.told.get("rows"), int):
            words = ngettext("%(n)s record", "%(n)s records", rows)
            yield words % {"n": locale.active().number(rows)}
        if changes := self.changes:
            yield _(", ").join(str(one.label) for one in changes)


def _written(name: str, value: Any) -> str:
    """A value as it is read."""
    if name == "did":
        return str(DID.get(value, value))
    if name == "records" and isinstance(value, dict):
        value = value.get("count", 0)
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return str(TRUE if value else FALSE)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return _(", ").join(value)
    return value if isinstance(value, str) else _plain(value)


def _plain(value: Any) -> str:
    return locale.active().number(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)


def _type_label(name: str, *, is_plural: bool = False) -> str:
    """What records and people are called; other tables are only named by their titles."""
    if name == "user":
        return _("User")
    known = {one.name: one for one in registry.every()}
    if name not in known:
        return ""
    return str(known[name].plural if is_plural else known[name].label)


def _column_labels(name: str) -> dict[str, Any]:
    for model in apps.get_models():
        if model._meta.model_name == name:
            return {one.name: capfirst(one.verbose_name) for one in model._meta.concrete_fields}
    return {}
