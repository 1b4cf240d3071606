"""A board: the records of a list in columns by one choice field, in two statements however many columns there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import choices, ranking, summary
from kariz.core.fields import Field
from kariz.core.models import Choice
from kariz.core.registry import RecordType
from kariz.core.summary import Group
from kariz.core.unions import together
from kariz.lib.keyset import BadCursor, Cursor
from kariz.web import table
from kariz.web.listing import Listing

AT_ONCE = 20
OF_CLOSED = 10  # a closed stage shows what was closed last
NO_VALUE = "-"
"""Stands in addresses for the column of records without a value."""


@dataclass(frozen=True)
class Column:
    """`totals` are the sums of the type's totals, each with its label as one text."""

    key: str
    label: str
    choice: Choice | None
    count: int
    totals: list[dict[str, Any]]
    records: Sequence[Any] = ()
    has_more: bool = False

    @property
    def name(self) -> str:
        return self.key or NO_VALUE

    @property
    def count_text(self) -> str:
        return locale.active().number(self.count)

    @property
    def colour(self) -> str:
        return self.choice.colour if self.choice else ""

    @property
    def is_closed(self) -> bool:
        return bool(self.choice and self.choice.outcome)

    @property
    def size(self) -> int:
        return OF_CLOSED if self.is_closed else AT_ONCE

    def holding(self, found: list[Any]) -> Column:
        """The column with its first cards, of which one more than fits says that there are others."""
        ordered = sorted(found, key=lambda record: (record.rank, record.pk), reverse=True)
        return replace(self, records=ordered[: self.size], has_more=len(found) > self.size)

    @property
    def end(self) -> str:
        """The place after the last card, as it stands in an address."""
        last = self.records[-1]
        return Cursor((last.rank, last.pk)).encode()


@dataclass(frozen=True)
class Board:
    """What a listing looks like in columns by `field`, of one `group` where its choices stand in groups."""

    listing: Listing
    field: Field
    group: str

    @property
    def record_type(self) -> RecordType:
        return self.listing.record_type

    @property
    def groups(self) -> list[Choice]:
        return choices.of(self.record_type.name, self.field.group) if self.field.group else []

    @cached_property
    def records(self) -> QuerySet[Any]:
        found: QuerySet[Any] = self.listing.records().order_by()
        return found.filter(**{self.field.group: self.group}) if self.field.group else found

    def of(self, key: str) -> QuerySet[Any]:
        """The records of one column, in the order of their cards."""
        found: QuerySet[Any] = self.records.order_by(*ranking.ORDER)
        if not self.field.is_custom:
            return found.filter(Q(**{self.field.attribute: key}))
        found = found.alias(board_key=self.field.expression)
        return found.filter(board_key=key) if key else found.filter(Q(board_key=None) | Q(board_key=""))

    @cached_property
    def choices(self) -> list[Choice]:
        return choices.of(self.record_type.name, self.field.name, self.group or None, hidden=True)

    def heads(self) -> list[Column]:
        """The columns without their cards: one grouped statement."""
        groups: dict[str, list[Group]] = {}
        for one in summary.summarize(
            self.record_type, self.records, group_by=[self.field.name], sums=self.record_type.totals
        ):
            groups.setdefault(one.keys[0] or "", []).append(one)
        known = [(choice.key, _(choice.label), choice) for choice in self.choices]
        offered = {choice.key for choice in self.choices if not choice.is_hidden}
        strangers = groups.keys() - {key for key, _label, _choice in known} - {""}
        columns: list[tuple[str, str, Choice | None]] = [("", _("None"), None), *known]
        columns += [(key, key, None) for key in sorted(strangers)]
        return [
            Column(
                key,
                label,
                choice,
                sum(one.count for one in groups.get(key, [])),
                self._totals(groups.get(key, [])),
            )
            for key, label, choice in columns
            if key in offered or key in groups
        ]

    def _totals(self, groups: Sequence[Group]) -> list[dict[str, Any]]:
        fields = self.record_type.all_fields
        return [
            {"label": fields[name].label, "text": _summed(fields[name], groups)}
            for name in self.record_type.totals
        ]

    def columns(self) -> list[Column]:
        """The columns with their first cards: one more statement."""
        heads = self.heads()
        cards = together(
            {head.key: self.values(self.of(head.key))[: head.size + 1] for head in heads if head.count}
        )
        return [head.holding(cards.get(head.key, [])) for head in heads]

    def column(self, name: str, cursor: str) -> Column:
        """The cards of one column after those that are shown. Raises `BadCursor`."""
        key = "" if name == NO_VALUE else name
        choice = next((one for one in self.choices if one.key == key), None)
        rank, pk = _place(cursor)
        column = Column(key, _(choice.label) if choice else key, choice, 0, [])
        after = self.values(self.of(key).filter(ranking.under(rank, pk)))[: column.size + 1]
        return column.holding(together({key: after})[key])

    def values(self, queryset: QuerySet[Any]) -> QuerySet[Any, Any]:
        """The columns that cards show: whole records would take longer to make than to fetch."""
        return queryset.values("pk", *sorted(table.needed(self.record_type, self.shown, "rank", *self.marks)))

    @cached_property
    def shown(self) -> list[Field]:
        """The fields that a card shows under its title."""
        fields = self.record_type.fields
        names = dict.fromkeys((self.record_type.subtitle, *self.record_type.card, self.field.name, "owner"))
        return [fields[name] for name in names if name in fields]

    @cached_property
    def marks(self) -> list[str]:
        return [self.since] if self.since else []

    @cached_property
    def since(self) -> str:
        """The column that holds when a record entered its stage; none for boards of other fields."""
        name = "stage_entered_at"
        has = any(column.name == name for column in self.record_type.model._meta.concrete_fields)
        return name if has and self.field.name == self.record_type.path else ""


def _summed(field: Field, groups: Sequence[Group]) -> str:
    """The sum of one field; amounts of different currencies stand side by side, the company's first."""
    sums: dict[str, Decimal] = {}
    for group in groups:
        for currency, amount in group.sums[field.name].items():
            sums[currency] = sums.get(currency, Decimal(0)) + amount
    reader = locale.active()
    if field.type.name != "money":
        return reader.number(sum(sums.values(), Decimal(0)))
    ours_first = sorted(sums.items(), key=lambda pair: (pair[0] != reader.currency, pair[0]))
    return " + ".join(reader.money(amount, code, compact=True) for code, amount in ours_first)


def offered(record_type: RecordType) -> list[Field]:
    """The fields by which a board can be made, the type's own first."""
    found = [
        field
        for field in record_type.fields.values()
        if field.type.name == "choice" and not field.is_readonly
    ]
    return sorted(found, key=lambda field: field.name != record_type.board)


def board_of(listing: Listing) -> Board | None:
    """The board that the address, the view or the type asks for; None where the type has none."""
    fields = {field.name: field for field in offered(listing.record_type)}
    wanted = (listing.given.get("by"), listing.view.board_field, listing.record_type.board)
    field = next((fields[name] for name in wanted if name in fields), None)
    if field is None:
        return None
    return Board(listing, field, _group(listing, field))


def _group(listing: Listing, field: Field) -> str:
    if not field.group:
        return ""
    offered = [choice.key for choice in choices.of(listing.record_type.name, field.group)]
    wanted = listing.given.get("group", "")
    default = choices.default(listing.record_type.name, field.group)
    return wanted if wanted in offered else default or next(iter(offered), "")


def _place(cursor: str) -> tuple[float, int]:
    """Raises `BadCursor`."""
    match Cursor.decode(cursor).values:
        case (float() | int() as rank, int() as pk):
            return rank, pk
    raise BadCursor(cursor)


def beside(record_type: RecordType, field: Field, record: Any) -> QuerySet[Any]:
    """All records of the column that `record` stands in, whoever may see them."""
    found = record_type.model.objects.alias(board_key=field.expression).filter(board_key=field.get(record))
    return found.filter(**{field.group: getattr(record, field.group)}) if field.group else found
