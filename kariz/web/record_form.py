"""A record as a form: what it asks for, what was typed, and what is wrong, each error beside its field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import links
from kariz.core.drafts import WHOLE_RECORD, Draft
from kariz.core.fields import Field
from kariz.core.fieldtypes import FieldError
from kariz.core.records import Invalid
from kariz.core.registry import RecordType
from kariz.lib import money
from kariz.web import inputs, slots

WIDE = {"long_text", "links", "choices"}
TYPING = "500ms"  # without a key before the form is asked about

Layout = Sequence[tuple[Any, Sequence[str]]]


@dataclass(frozen=True)
class Asked:
    """One field of the form. `typed` is what the person wrote, None before anything was sent."""

    field: Field
    value: Any
    typed: Any
    errors: Sequence[str]
    is_wide: bool
    id: str
    currencies: Sequence[str] = ()
    """The first amount of a record is asked for together with its currency."""
    is_first: bool = False


@dataclass(frozen=True)
class Block:
    label: str
    asked: list[Asked]


@dataclass
class RecordForm:
    """`sent` is what the browser sent; `part` keeps the ids of a form in a dialog apart from those of the page.

    Where one form asks for several records, `prefix` stands before the names it sends; `sent` is without it.
    """

    record_type: RecordType
    record: Any
    user: User
    layout: Layout
    sent: QueryDict | None = None
    part: str = ""
    prefix: str = ""
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        if self.record._state.adding:
            return _("Add new %(type)s") % {"type": self.record_type.label}
        title = self.record_type.all_fields[self.record_type.title].get(self.record)
        return _("Edit %(title)s") % {"title": title}

    @property
    def cancel_url(self) -> str:
        if self.record._state.adding:
            return reverse("web:list", args=[self.record_type])
        return reverse("web:record", args=[self.record_type, self.record.pk])

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields that the form asks for; those that Kariz keeps are not among them."""
        known = self.record_type.fields
        names = [name for _label, block in self.layout for name in block]
        if any(name in known and known[name].type.name == "money" for name in names):
            names.append("currency")
        return {name: known[name] for name in names if name in known and not known[name].is_readonly}

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the person really says: no empty value for a new record, no value that is there already."""
        sent = inputs.posted(self.record_type, self.sent, self.fields) if self.sent is not None else {}
        if self.record._state.adding:
            return {name: raw for name, raw in sent.items() if raw not in ("", [])}
        return {name: raw for name, raw in sent.items() if not self._is_same(self.fields[name], raw)}

    def _is_same(self, known: Field, raw: Any) -> bool:
        """Whether `raw` is what the record holds. A required field that stays empty is asked for again."""
        held = known.get(self.record)
        if known.is_required and known.type.is_empty(held):
            return False
        try:
            return bool(known.type.store(known.parse(raw)) == known.type.store(held))
        except FieldError:
            return False

    def check(self) -> None:
        """Raise `Invalid` for names that were typed into a lookup, yet no record was chosen."""
        message = _("Choose “%(text)s” from the suggestions, or make it new.")
        sent = self.sent or QueryDict()
        unchosen = {
            name: [message % {"text": text}]
            for name, known in self.fields.items()
            if known.target and not sent.get(name) and (text := sent.get(f"{name}_text", "").strip())
        }
        if unchosen:
            raise Invalid(unchosen)

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show again what was typed, with these errors."""
        self.errors = errors
        if self.record._state.adding:
            self.record = prefilled(self.record_type, self.user, self.values)
        elif "currency" in self.values:
            self.record.currency = self.values["currency"]

    @property
    def blocks(self) -> list[Block]:
        shown = {name for name in self.fields if name != "currency" or not self._first_amount}
        return [
            Block(str(label), [self._asked(self.fields[name]) for name in names if name in shown])
            for label, names in self.layout
            if not shown.isdisjoint(names)
        ]

    @cached_property
    def _first_amount(self) -> str:
        """The amount beside which the currency is asked for."""
        amounts = (name for name, known in self.fields.items() if known.type.name == "money")
        return next(amounts, "") if "currency" in self.record_type.fields else ""

    def _asked(self, known: Field) -> Asked:
        return Asked(
            is_first=known is next(iter(self.fields.values())) and not self.errors and not self.prefix,
            field=known,
            value=known.get(self.record),
            typed=self._typed(known),
            errors=self.errors.get(known.name, ()),
            is_wide=known.type.input in WIDE,
            id=inputs.ident(known, self.part),
            currencies=money.currencies() if known.name == self._first_amount else (),
        )

    def _typed(self, known: Field) -> Any:
        if self.sent is None or known.name not in self.sent:
            return None
        if known.type.input in inputs.SEVERAL:
            return [one for one in self.sent.getlist(known.name) if one]
        # A box with a hidden twin sends both; the last one is what the person ticked.
        return self.sent.get(known.name, "")

    @cached_property
    def names(self) -> links.Names:
        """The names of the records that the form links to, as they are and as they were typed."""
        linking = [known for known in self.fields.values() if known.target]
        typed = [(known, self._typed(known)) for known in linking]
        if self.record._state.adding:  # which holds what the address says
            typed += [(known, known.get(self.record)) for known in linking]
            return inputs.names(typed, self.user)
        return links.names(linking, [self.record], self.user) | inputs.names(typed, self.user)

    @property
    def watches(self) -> list[dict[str, str]]:
        """What capabilities ask while one types; at once where something stands in the form already."""
        return [
            {"url": one.url(self.record_type, self.record), "trigger": trigger}
            for one in slots.watches()
            if (trigger := self._trigger(one.names(self.record_type)))
        ]

    def _trigger(self, names: Collection[str]) -> str:
        watched = [known for name, known in self.fields.items() if name in names]
        if not watched or self.prefix:
            return ""
        ids = [inputs.ident(known, self.part) for known in watched]
        is_filled = self.record._state.adding and not all(
            known.type.is_empty(known.get(self.record)) for known in watched
        )
        events = [f"input delay:{TYPING} from:#{one}, change from:#{one}" for one in ids]
        return ", ".join(["load", *events] if is_filled or self.errors else events)

    @property
    def summary(self) -> list[dict[str, Any]]:
        """Every error, those of the record as a whole first, with the id of the input to go to."""
        whole = [{"label": "", "id": "", "message": message} for message in self.errors.get(WHOLE_RECORD, ())]
        return whole + [
            {"label": self._label(name), "id": self._id(name), "message": message}
            for name, messages in self.errors.items()
            if name != WHOLE_RECORD
            for message in messages
        ]

    def _label(self, name: str) -> str:
        known = self.record_type.all_fields.get(name)
        return str(known.label) if known else ""

    def _id(self, name: str) -> str:
        return inputs.ident(self.fields[name], self.part) if name in self.fields else ""


def full_layout(record_type: RecordType) -> Layout:
    return [(_(str(block.label)), block.fields) for block in record_type.blocks]


def quick_layout(record_type: RecordType, user: User, more: Iterable[str] = ()) -> Layout:
    """The basic fields, the required ones that have no default, and those that the caller has filled in."""
    plain = prefilled(record_type, user, {})
    required = [
        name
        for name, known in record_type.fields.items()
        if known.is_required and known.type.is_empty(known.get(plain))
    ]
    names = dict.fromkeys((*(record_type.quick or (record_type.title,)), *required, *more))
    return [("", tuple(names))]


def prefilled(record_type: RecordType, user: User, given: Mapping[str, Any]) -> Any:
    """A new record as its form starts: what the address says, then the defaults. Nothing is written."""
    record = record_type.model()
    links.load(record_type, [record])
    fields = record_type.fields
    values = {name: given[name] for name in given if name in fields and not fields[name].is_readonly}
    Draft(record_type, record, values, user, locale.active()).parse()
    return record
