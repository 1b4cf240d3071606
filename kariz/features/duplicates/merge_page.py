"""Records side by side before they become one: which of them stays, which values win, what moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import choosing, links, merging
from kariz.core.choosing import ALL, CURRENCY, Part
from kariz.core.fields import Field
from kariz.core.fieldtypes.links import id_in
from kariz.core.merging import Group
from kariz.core.records import Invalid
from kariz.core.registry import RecordType
from kariz.web import cells
from kariz.web.listing import address_of, record_address

TAKE = "take."
VERSION = "version."
NOTHING = mark_safe('<span class="quiet">–</span>')
LONGEST = 1_000  # of a text; enough to tell one from another
LABEL = '<span class="quiet">{}:</span> '
PAINTED = {"choice", "choices", "user", "money", "moment", "number", "percent", "date"}


@dataclass(frozen=True)
class Candidate:
    """A record that may stay; `reason` says why it may not."""

    record: Any
    title: str
    url: str
    owner: str
    created: str
    completeness: str
    reason: str
    is_primary: bool


@dataclass(frozen=True)
class Option:
    """One record's answer to the question whose value wins, or that of all together."""

    value: int | str
    who: str
    html: SafeString | str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    name: str
    label: Any
    options: list[Option]
    united: Option | None


class MergePage:
    """`sent` is what the form says so far, in which what is missing is as it is proposed."""

    def __init__(
        self, record_type: RecordType, found: Sequence[Any], user: User, sent: QueryDict | None = None
    ) -> None:
        self.record_type, self.records, self.user = record_type, list(found), user
        self.sent = sent if sent is not None else QueryDict()
        self.ours = locale.active()
        links.load(record_type, self.records)

    @cached_property
    def allowed(self) -> merging.Allowed:
        return merging.allowed_to(self.record_type, self.records, self.user)

    @cached_property
    def primary(self) -> Any:
        """The record that stays: as the person says, else as proposed; where none may, the first."""
        said = id_in(self.sent.get("primary", ""))
        chosen = next((one for one in self.records if one.pk == said and not self._obstacle(one)), None)
        return chosen or merging.proposed(self.record_type, self.records, self.allowed) or self.records[0]

    @property
    def others(self) -> list[Any]:
        return [one for one in self.records if one is not self.primary]

    def _obstacle(self, primary: Any) -> str:
        others = [one for one in self.records if one is not primary]
        problem = merging.obstacle(self.record_type, primary, others, self.allowed)
        return merging.reason(problem) if problem else ""

    @cached_property
    def problem(self) -> str:
        """Why these records cannot be merged at all."""
        return self._obstacle(self.primary)

    @property
    def is_locked(self) -> bool:
        return merging.is_locked(self.record_type, self.primary)

    @property
    def title(self) -> str:
        return merging.title(self.record_type, self.primary)

    @cached_property
    def names(self) -> links.Names:
        return links.names(self.record_type.fields.values(), self.records, self.user)

    @property
    def candidates(self) -> list[Candidate]:
        return [
            Candidate(
                record=one,
                title=merging.title(self.record_type, one),
                url=record_address(self.record_type.name, one.pk),
                owner=self.names.get(("user", one.owner_id), ""),
                created=self.ours.day(one.created_at.astimezone(self.ours.tz).date()),
                completeness="" if one.completeness is None else self.ours.percent(one.completeness),
                reason=self._obstacle(one),
                is_primary=one is self.primary,
            )
            for one in self.records
        ]

    @cached_property
    def _parts(self) -> list[Part]:
        return [part for part in choosing.parts(self.record_type, self.records) if part.is_offered]

    @property
    def rows(self) -> list[Row]:
        """The questions: the parts in which the records differ. A locked record asks none, it stays as it is."""
        if self.is_locked:
            return []
        return [self._row(part) for part in self._parts if part.differs(self.records)]

    def _row(self, part: Part) -> Row:
        chosen = self.take.get(part.name, part.winner([self.primary, *self.others]))
        options = [
            Option(one.pk, merging.title(self.record_type, one), self._shown(part, one), chosen == one.pk)
            for one in self.records
        ]
        united = Option(ALL, "", "", chosen == ALL) if part.may_unite(self.records) else None
        return Row(part.name, part.field.label, options, united)

    @cached_property
    def same(self) -> list[tuple[Any, SafeString | str]]:
        """What all say alike, as label and value."""
        return [
            (part.field.label, self._shown(part, self.primary))
            for part in self._parts
            if not part.differs(self.records) and not part.is_blank(self.primary)
        ]

    @property
    def same_count(self) -> str:
        return self.ours.number(len(self.same))

    @property
    def list_url(self) -> str:
        return address_of(self.record_type)

    def _shown(self, part: Part, record: Any) -> SafeString | str:
        """The value, or the values of all fields of the part, each below the other."""
        if part.is_blank(record) and part.field.type.name != "yes_no":
            return NOTHING
        told = (
            one for one in part.fields if not one.is_hidden and (one.name != CURRENCY or one is part.field)
        )
        lines = (
            ("" if field is part.field else format_html(LABEL, field.label), html)
            for field in told
            if (html := self._value(field, record))
        )
        return format_html_join("", '<span class="merge__line">{}{}</span>', lines)

    def _value(self, field: Field, record: Any) -> SafeString | str:
        value = field.get(record)
        if field.type.is_empty(value) or (value is False and field.is_readonly):
            return ""
        if field.target and field.target != "user":
            ids = value if isinstance(value, list) else [value]
            named = ((self.names.get((field.target, pk), f"#{pk}"),) for pk in ids)
            return format_html_join(_(", "), "<bdi>{}</bdi>", named)
        if field.type.cell in PAINTED:
            return cells.painter(field, self.names, self.ours)(record)
        text = field.show(value, self.ours)
        return format_html("<bdi>{}</bdi>", text if len(text) <= LONGEST else f"{text[:LONGEST]}…")

    @property
    def belongings(self) -> list[tuple[Any, str]]:
        """What moves to the record that stays, as plural and number."""
        ids = [one.pk for one in self.others]
        found = merging.belongings(self.record_type, ids)
        return [(one.label, self.ours.number(one.count)) for one in found]

    @cached_property
    def circles(self) -> list[str]:
        """The links that will be empty because what they name leads back to the record that stays."""
        group = Group(
            self.primary.pk, tuple(one.pk for one in self.others), {} if self.is_locked else self.take
        )
        try:
            found = merging.circles(self.record_type, group, {one.pk: one for one in self.records}, self.user)
        except Invalid:  # the engine refuses what was chosen, in its own words
            return []
        return [str(one.label) for one in found if not one.is_hidden]

    @cached_property
    def take(self) -> Mapping[str, int | str]:
        """What the form says of whose values win. Anything that is no choice is kept for the engine to refuse."""
        said = {
            name.removeprefix(TAKE): self.sent.get(name, "") for name in self.sent if name.startswith(TAKE)
        }
        return {name: id_in(value) or value for name, value in said.items()}

    @property
    def versions(self) -> dict[int, int]:
        """The versions that the person has seen, as the form says."""
        said = {one.pk: self.sent.get(f"{VERSION}{one.pk}", "") for one in self.records}
        return {pk: int(version) for pk, version in said.items() if version.isdecimal() and len(version) < 10}
