"""What the screen of a conversion asks: for each part which record to use, and what to say of a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import access, seen
from kariz.core.drafts import WHOLE_RECORD
from kariz.core.fields import Field
from kariz.core.records import Invalid
from kariz.core.registry import RecordType
from kariz.records.leads import conversion, known, mapping
from kariz.records.leads.models import Lead
from kariz.records.organizations.legal import LEGAL
from kariz.web import inputs
from kariz.web.record_form import RecordForm, prefilled

ASKED = {
    "organization": ("name", "phone", "email", "industry", *LEGAL),
    "contact": ("name", "job_title", "phone", "email", "personal_number"),
    "opportunity": ("name", "amount", "expected_close_on", "stage"),
}
NEW, NONE = "new", "none"


@dataclass
class Part:
    """One of the records that a conversion makes or uses."""

    name: str
    lead: Lead
    user: User
    sent: QueryDict | None = None
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def record_type(self) -> RecordType:
        return seen.get(self.name, self.user)

    @cached_property
    def carried(self) -> dict[Field, Any]:
        return mapping.carried(self.lead, self.record_type)

    @cached_property
    def form(self) -> RecordForm:
        """The form of the new record: as the lead fills it, or as it was sent."""
        fields = self.record_type.fields
        names = dict.fromkeys((*ASKED[self.name], *(one.name for one in fields.values() if one.is_required)))
        start = conversion.start() if self.name == "opportunity" else {}
        given = {one.name: value for one, value in self.carried.items()} | start
        sent = _unprefixed(self.sent, f"{self.name}.") if self.sent is not None else None
        record = prefilled(self.record_type, self.user, given)
        layout = [("", tuple(names))]
        return RecordForm(
            self.record_type, record, self.user, layout, sent, self.name, f"{self.name}.", self.errors
        )

    @cached_property
    def known(self) -> list[known.Known]:
        return known.like(self.lead, self.name, self.user) if self.name != "opportunity" else []

    @property
    def is_choosable(self) -> bool:
        """Whether there is anything to choose but a new record."""
        return bool(self.known) or self.name == "opportunity"

    @property
    def choice(self) -> str:
        """What was chosen, at first a new record."""
        return self.sent.get(self.name, NEW) if self.sent is not None else NEW

    @property
    def is_fillable(self) -> bool:
        """Whether one of the known records may take from the lead what it has not."""
        return bool(access.writable_among(self.record_type, self.user, [one.record for one in self.known]))

    @property
    def is_filled(self) -> bool:
        """Whether the person wants that of the known record that was chosen."""
        return self.sent is not None and self.choice not in (NEW, NONE) and f"{self.name}.fill" in self.sent

    @cached_property
    def also_carried(self) -> list[tuple[Any, str]]:
        """What the lead gives beyond what the form asks: label and value."""
        asked = self.form.fields
        names = inputs.names(self.carried.items(), self.user)
        return [
            (one.label, _shown(one, value, names))
            for one, value in self.carried.items()
            if one.name not in asked
        ]

    @property
    def carried_count(self) -> str:
        return locale.active().number(len(self.also_carried))

    @property
    def chosen(self) -> Any:
        """The record to use, what to say of a new one, or None. Raises `Invalid`."""
        if self.choice == NONE:
            return None
        if self.choice == NEW:
            self.form.check()
            return inputs.posted(self.record_type, self.form.sent or QueryDict(), self.form.fields)
        found = next((one.record for one in self.known if one.key == self.choice), None)
        if found is None:
            raise Invalid({WHOLE_RECORD: [_("The chosen record is not there any more. Choose again.")]})
        return found


def _unprefixed(sent: QueryDict, prefix: str) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, values in sent.lists():
        if name.startswith(prefix):
            found.setlist(name.removeprefix(prefix), values)
    return found


def _shown(one: Field, value: Any, names: Mapping[tuple[str, int], str]) -> str:
    if one.target:
        ids = value if isinstance(value, list) else [value]
        return _(", ").join(names.get((one.target, pk), f"#{pk}") for pk in ids)
    return one.show(value)


def parts(
    lead: Lead, user: User, sent: QueryDict | None = None, errors: Mapping[str, Sequence[str]] | None = None
) -> list[Part]:
    """The parts in the order in which they are asked; no organization where the lead has no company."""
    names = mapping.TARGETS if lead.company else mapping.TARGETS[1:]
    return [Part(name, lead, user, sent, _of(name, errors or {})) for name in names]


def _of(name: str, errors: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    prefix = f"{name}."
    return {key.removeprefix(prefix): told for key, told in errors.items() if key.startswith(prefix)}
