"""The cards of a board: a record's title, its few telling values, and how long it has stood in its stage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext

from kariz.accounts import locale
from kariz.core import choices, links
from kariz.core.fields import Field
from kariz.core.models import Choice
from kariz.web.boards import Board, Column
from kariz.web.cells import EMPTY, Paint, avatar, escaped, painter
from kariz.web.table import addresses

CARE = 0.7  # of the expected days, after which the bar turns
PLACES = {
    name: f"{{{name}}}"
    for name in ("pk", "version", "title", "subtitle", "amount", "owner", "lines", "age", "oob")
}


def cards(board: Board, columns: Sequence[Column]) -> dict[str, list[SafeString]]:
    """Column key → its cards as HTML; the names of linked records are loaded once for all columns."""
    artist = _artist(board, [record for column in columns for record in column.records])
    return {column.key: [artist.card(record) for record in column.records] for column in columns}


def card(board: Board, record: Any) -> SafeString:
    """One card that takes the place of the one on the page."""
    return _artist(board, [record]).card(record, oob=' hx-swap-oob="true"')


def _artist(board: Board, records: list[Any]) -> _Artist:
    links.load(board.record_type, records, [field.name for field in board.shown])
    return _Artist(board, links.names(board.shown, records, board.listing.user))


class _Artist:
    """Draws the cards of one board. Their template is rendered once, with places for what differs."""

    def __init__(self, board: Board, names: links.Names) -> None:
        self.board, self.names = board, names
        self.record_type, self.reader = board.record_type, locale.active()
        self.today = self.reader.today()
        fields = [one for one in board.shown if one.name in self.record_type.card and one.name != "owner"]
        whose = next((one for one in fields if one.name == self.record_type.subtitle or one.target), None)
        amount = next((one for one in fields if one.type.name == "money"), None)
        self.subtitle, self.amount = self._paint(whose), self._paint(amount)
        self.lines = [(_line(one), self._paint(one)) for one in fields if one not in (whose, amount)]
        self.title = self.record_type.all_fields[self.record_type.title]
        at = {name: address.replace("{0}", "{pk}") for name, address in addresses(self.record_type).items()}
        self.frame = render_to_string("web/_card.html", PLACES | at)

    def _paint(self, field: Field | None) -> Paint:
        return painter(field, self.names) if field else lambda record: EMPTY

    def card(self, record: Any, *, oob: str = "") -> SafeString:
        shown = ((line, paint(record)) for line, paint in self.lines)
        owner = record.owner_id
        drawn = self.frame.format(
            pk=record.pk,
            version=record.version,
            title=escaped(self.title.get(record) or "–"),
            subtitle=self.subtitle(record),
            amount=self.amount(record),
            owner=_owner(owner, self.names.get(("user", owner), "")) if owner else "",
            lines="".join([line.format(value) for line, value in shown if value]),
            age=self.age(record),
            oob=oob,
        )
        return mark_safe(drawn)  # noqa: S308  every part is escaped

    def age(self, record: Any) -> SafeString:
        since = getattr(record, self.board.since) if self.board.since else None
        stage = self._stage(record)
        if since is None or stage is None or stage.outcome or not stage.expected_days:
            return EMPTY
        days = max(0, (self.today - since.astimezone(self.reader.tz).date()).days)
        return _bar(days, stage.expected_days, get_language() or "", self.reader.digits)

    def _stage(self, record: Any) -> Choice | None:
        key = self.board.field.get(record)
        return choices.find(self.record_type.name, self.board.field.name, key, self.board.group or None)


def _line(field: Field) -> str:
    label = escaped(str(field.label)).replace("{", "{{").replace("}", "}}")
    return f'<p class="board-card__next" title="{label}"><span class="ellipsis">{{}}</span></p>'


@cache
def _owner(pk: int, name: str) -> SafeString:
    return avatar(pk, name)


@cache
def _bar(days: int, limit: int, language: str, digits: str) -> SafeString:
    """Days in the stage against the days it expects, in the language and digits that are active."""
    words = ngettext(
        "%(days)s day in this stage of %(limit)s", "%(days)s days in this stage of %(limit)s", days
    )
    number = locale.active().number
    return format_html(
        '<progress class="board-card__age bar bar--thin" value="{}" max="{}" data-tone="{}" aria-label="{text}" '
        'title="{text}"></progress>',
        days,
        limit,
        tone(days, limit),
        text=words % {"days": number(days), "limit": number(limit)},
    )


def tone(days: int, limit: int) -> str:
    """Whether a record has stood in its stage for long, or for too long."""
    return "bad" if days > limit else "care" if days > CARE * limit else "good"
