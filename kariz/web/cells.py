"""Values as they stand in lists, cards and record pages: one painter per `FieldType.cell`.

A list paints hundreds of cells, so painters build their HTML in Python, and remember what they have painted.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core import choices
from kariz.core.fields import Field
from kariz.core.links import Names, Unseen
from kariz.web import people

EMPTY = mark_safe("")
LONGEST = 140
NEAR_DAYS = 7

Paint = Callable[[Any], SafeString]


def escaped(text: str, pattern: str = "{}", *more: str) -> SafeString:
    """What `format_html` gives for texts that are plain; it asks fewer questions, and lists ask hundreds of times."""
    return SafeString(pattern.format(html.escape(text), *map(html.escape, more)))


@dataclass(frozen=True)
class Painter:
    """Paints the values of one field for one reader."""

    field: Field
    names: Names
    reader: Locale
    today: date

    def plain(self, value: Any) -> SafeString:
        return escaped(self.field.show(value, self.reader))

    def text(self, value: Any) -> SafeString:
        return escaped(self.field.show(value, self.reader), "<bdi>{}</bdi>")

    def long_text(self, value: str) -> SafeString:
        return escaped(value if len(value) <= LONGEST else f"{value[:LONGEST]}…", "<bdi>{}</bdi>")

    def moment(self, value: Any) -> SafeString:
        exact = self.field.show(value, self.reader)
        day = value.astimezone(self.reader.tz).date()
        near = self.reader.ago(value) if abs((day - self.today).days) < NEAR_DAYS else self.reader.day(day)
        return escaped(value.isoformat(), '<time datetime="{}" title="{}">{}</time>', exact, near)

    def yes_no(self, value: Any) -> SafeString:
        return escaped(_("Yes")) if value else EMPTY

    def choice(self, value: str) -> SafeString:
        found = choices.find(self.field.record_type, self.field.name, value)
        return badge(_(found.label) if found else value, found.colour if found else "")

    def choices(self, value: list[str]) -> SafeString:
        return format_html(
            '<span class="badges">{}</span>',
            format_html_join("", "{}", ((self.choice(key),) for key in value)),
        )

    def email(self, value: str) -> SafeString:
        return escaped(value, '<a class="ltr" href="mailto:{0}">{0}</a>')

    def phone(self, value: str) -> SafeString:
        return escaped(value, '<a class="ltr" href="tel:{}">{}</a>', self.field.show(value, self.reader))

    def url(self, value: str) -> SafeString:
        shown = value.partition("://")[2].removesuffix("/") or value
        return escaped(
            value, '<a class="ltr" href="{}" target="_blank" rel="noopener noreferrer">{}</a>', shown
        )

    def lookup(self, value: int) -> SafeString:
        return _link(self.field.target, value, self.names)

    def user(self, value: int) -> SafeString:
        return person(value, self.names.get(("user", value), ""))

    def links(self, value: list[int]) -> SafeString:
        return format_html_join(_(", "), "{}", ((_link(self.field.target, pk, self.names),) for pk in value))


PAINTED_PLAINLY = {"number", "percent", "date"}


def painter(field: Field, names: Names, reader: Locale | None = None) -> Paint:
    """A function from a record to the HTML of its value, which paints equal values once."""
    reader = reader or locale.active()
    holder = Painter(field, names, reader, reader.today())
    if field.type.cell == "money":
        return _money(field, holder.reader)
    paint = getattr(holder, "plain" if field.type.cell in PAINTED_PLAINLY else field.type.cell)
    painted: dict[Any, SafeString] = {}

    def of(record: Any) -> SafeString:
        value = field.get(record)
        if not value and field.type.is_empty(value):
            return EMPTY
        key = tuple(value) if isinstance(value, list) else value
        if key not in painted:
            painted[key] = paint(value)
        return painted[key]

    return of


def _money(field: Field, reader: Locale) -> Paint:
    """Amounts stand in the currency of their record."""

    def of(record: Any) -> SafeString:
        value = field.get(record)
        if value is None:
            return EMPTY
        return escaped(reader.money(value, getattr(record, "currency", "") or reader.currency))

    return of


def badge(text: str, colour: str = "") -> SafeString:
    return format_html(
        '<span class="badge" data-colour="{}"><span class="badge__text">{}</span></span>', colour, text
    )


def avatar(pk: int | None, name: str) -> SafeString:
    return format_html(
        '<span class="avatar avatar--small" data-colour="{}" title="{}" aria-hidden="true">{}</span>',
        people.colour(pk), name, people.initials(name),
    )  # fmt: skip


def person(pk: int, name: str) -> SafeString:
    return format_html(
        '<span class="person">{}<span class="person__name">{}</span></span>', avatar(pk, name), name
    )


def _link(target: str, pk: int, names: Names) -> SafeString:
    """The name of a linked record; a record that is no longer there has none, one out of reach no link."""
    name = names.get((target, pk), "")
    if isinstance(name, Unseen):
        return escaped(name, '<span class="unseen">{}</span>')
    return escaped(name, f'<a href="{_page(target).format(pk)}"><bdi>{{}}</bdi></a>') if name else EMPTY


@cache
def _page(target: str) -> str:
    """The address of a record with a place for its id."""
    return reverse("web:record", args=[target, 0]).replace("/0/", "/{}/")


@lru_cache(maxsize=256)
def icon(name: str, css: str = "") -> SafeString:
    """An icon, made once: templates repeat it in every row."""
    return mark_safe(render_to_string("web/_icon.html", {"name": name, "class": css}).strip())  # noqa: S308  our template
