"""What the page of a record and its side panel show: names, facts, the path, tabs, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import locale
from kariz.core import access, actions, links, reasons, related
from kariz.core.actions import Action
from kariz.core.fields import Field
from kariz.core.registry import RecordType
from kariz.web import cells, origins, slots, stages, visits
from kariz.web.doors import reader
from kariz.web.listing import record_address

NOTHING = mark_safe('<span class="field__empty">–</span>')


@dataclass(frozen=True)
class Fact:
    """One of the handful of values that decide what to do next."""

    label: Any
    html: SafeString | str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Value:
    """One field as the record page shows it; `edit_url` is where its input comes from."""

    label: Any
    html: SafeString | str
    is_wide: bool
    is_empty: bool
    edit_url: str = ""
    help: Any = ""


@dataclass(frozen=True)
class Block:
    label: str
    values: list[Value]


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: str = ""
    is_current: bool = False


class RecordPage:
    """Everything is computed when a template asks for it: the panel asks for less than the page."""

    def __init__(
        self, request: HttpRequest, record_type: RecordType, record: Any, tab: str = "details"
    ) -> None:
        self.request, self.record_type, self.record = request, record_type, record
        self.user = reader(request)
        self.ours = locale.active()
        self.tab = tab

    @cached_property
    def url(self) -> str:
        return record_address(self.record_type.name, self.record.pk)

    @property
    def title(self) -> str:
        return str(self.record_type.all_fields[self.record_type.title].get(self.record))

    @cached_property
    def names(self) -> links.Names:
        return links.names(self.record_type.fields.values(), [self.record], self.user)

    @cached_property
    def is_locked(self) -> bool:
        return bool(self.record_type.locked and getattr(self.record, self.record_type.locked))

    @cached_property
    def may_write(self) -> bool:
        return not self.is_locked and access.may_write(self.record_type, self.user, self.record)

    @property
    def may_delete(self) -> bool:
        return not self.is_locked and access.may_delete(self.record_type, self.user, self.record)

    @property
    def is_pinned(self) -> bool:
        return visits.is_pinned(self.request, self.record_type, self.record.pk)

    @cached_property
    def steps(self) -> list[stages.Step]:
        return stages.steps(self.record_type, self.record)

    @property
    def activities(self) -> list[str]:
        return stages.activities(self.record_type, self.record) if self.may_write else []

    @property
    def endings(self) -> list[stages.Ending]:
        return stages.endings(self.record_type, self.record) if self.may_write else []

    @property
    def is_open(self) -> bool:
        """Whether the record still waits for its end; what has no path is never late."""
        stage = stages.current(self.record_type, self.record)
        return stage is not None and stage.outcome in ("", "held")

    @cached_property
    def facts(self) -> list[Fact]:
        fields = self.record_type.fields
        return [self._fact(fields[name]) for name in self.record_type.highlights if name in fields]

    def _fact(self, field: Field) -> Fact:
        value = field.get(self.record)
        is_awaited = field.type.name == "date" and value and self.is_open
        note, tone = self._distance(value) if is_awaited else ("", "")
        return Fact(field.label, self._painted(field), note, tone)

    def _distance(self, day: date) -> tuple[str, str]:
        """How far off a day is, with care where it is over."""
        days = (day - self.ours.today()).days
        if days == 0:
            return _("today"), "care"
        shown = {"n": self.ours.number(abs(days))}
        if days > 0:
            return ngettext("in %(n)s day", "in %(n)s days", days) % shown, ""
        return ngettext("%(n)s day ago", "%(n)s days ago", -days) % shown, "care"

    def _painted(self, field: Field) -> SafeString | str:
        """The value as lists show it; long texts in full, a no in words."""
        value = field.get(self.record)
        if field.type.cell in ("long_text", "yes_no"):
            return field.show(value, self.ours)
        if field.type.is_empty(value):
            return ""
        return cells.painter(field, self.names, self.ours)(self.record)

    @property
    def blocks(self) -> list[Block]:
        fields = self.record_type.fields
        found = (
            Block(
                _(str(block.label)),
                [self._value(fields[name]) for name in block.fields if self._is_told(fields[name])],
            )
            for block in self.record_type.blocks
        )
        return [block for block in found if block.values]

    def _is_told(self, field: Field) -> bool:
        """An empty value is told where the person can fill it in."""
        return (self.may_write and not field.is_readonly) or not field.type.is_empty(field.get(self.record))

    def _value(self, field: Field) -> Value:
        html = self._painted(field)
        is_editable = self.may_write and not field.is_readonly
        return Value(
            label=field.label,
            html=html or NOTHING,
            is_wide=field.type.cell in ("long_text", "links"),
            is_empty=not html,
            edit_url=f"{self.url}cells/{field.name}/?in=page" if is_editable else "",
            help=field.help,
        )

    @cached_property
    def relations(self) -> list[related.Relation]:
        return related.of(self.record_type, self.user)

    @property
    def tabs(self) -> Iterator[Tab]:
        """Details, what features add, the related lists, the history."""
        counts = related.counts(self.relations, self.record, self.user)
        yield self._tab("details", _("Details"))
        for added in slots.tabs(self.record_type, self.request):
            yield self._tab(
                added.name, str(added.label), added.count(self.request, self.record_type, self.record)
            )
        for one in self.relations:
            yield self._tab(one.name, one.label, counts[one.name])
        yield self._tab("updates", _("Updates"))

    def _tab(self, name: str, label: str, count: int | None = None) -> Tab:
        return Tab(name, label, self.ours.number(count) if count else "", is_current=name == self.tab)

    @cached_property
    def actions(self) -> list[Action]:
        """What else can be done; nothing to a record that one may only read."""
        is_ours = access.may_write(self.record_type, self.user, self.record)
        found = actions.of(self.record_type, self.record) if is_ours else []
        return [one for one in found if one.allowed(self.user) and (one.even_locked or not self.is_locked)]

    @property
    def proposals(self) -> list[tuple[Action, str]]:
        """The actions with a screen that should be done now, each with its reason."""
        return [(one, reason) for one in self.actions if one.page and (reason := one.proposed(self.record))]

    @property
    def has_more(self) -> bool:
        """Whether the menu of further actions has anything in it."""
        return self.may_delete or any(not action.page or action.is_further for action in self.actions)

    @property
    def completeness(self) -> str:
        """In percent; empty for types without a norm."""
        measured = self.record.completeness
        field = self.record_type.all_fields.get("completeness")
        return "" if measured is None or field is None else self.ours.percent(measured)

    @property
    def created(self) -> str:
        who = self.names.get(("user", self.record.created_by_id), "")
        words = {"who": who or _("Kariz"), "ago": self.ours.ago(self.record.created_at)}
        return _("Created by %(who)s, %(ago)s.") % words

    @cached_property
    def origin(self) -> origins.Origin:
        return origins.of(self.record_type, self.record, self.user)

    @property
    def missing(self) -> str:
        """The expected fields that are still empty, as a list to be read."""
        fields = self.record_type.fields
        expected = (fields[name] for name in self.record_type.expected_fields if name in fields)
        empty = (field for field in expected if field.type.is_empty(field.get(self.record)))
        return _(", ").join(str(field.label) for field in empty)

    @property
    def about(self) -> list[dict[str, Any]]:
        """What else can be asked about the record."""
        return slots.of("about_record", self.request, self.record)

    @property
    def reasons(self) -> list[Any]:
        """Why this person can see the record: the rules that fit."""
        return [reason.to_you for reason in reasons.why(self.record_type, self.record, self.user)]
