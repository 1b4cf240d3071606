"""How values are written: as their reader reads them on the screen, or the same for everybody and every program.

A form gives, for each field, a function from a record and the names of linked records to the text, and to what a
spreadsheet takes: a text, a number or a day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from kariz.core import choices
from kariz.core.links import Unseen
from kariz.lib import lists

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field
    from kariz.core.links import Names

Cell = str | Decimal | date | None
Text = Callable[[Any, "Names"], str]
Typed = Callable[[Any, "Names"], Cell]

MOST_DIGITS = 15  # what a spreadsheet keeps of a number


class Form(Protocol):
    def titles(self, fields: Sequence[Field]) -> list[str]:
        """What stands above the columns; no two are alike."""

    def text(self, field: Field) -> Text: ...

    def cell(self, field: Field) -> Typed: ...


def form_of(name: str, reader: Locale) -> Form:
    return ISO() if name == "iso" else Reader(reader)


class ISO:
    """Field names, keys of choices, ISO days and moments, numbers in plain digits: imports read it back unchanged."""

    def titles(self, fields: Sequence[Field]) -> list[str]:
        return [field.name for field in fields]

    def text(self, field: Field) -> Text:
        if field.target:
            return lambda record, names: _named(field, linked(field, record, names))
        if field.type.is_number:
            return lambda record, names: number(field.get(record))
        return lambda record, names: field.type.export(field.get(record), field)

    def cell(self, field: Field) -> Typed:
        return _numeric(field) if field.type.is_number else self.text(field)


def linked(field: Field, record: Any, names: Names) -> list[str]:
    """The names of the records that a field links to; those that the reader may not see are left out."""
    value = field.get(record)
    ids = value if isinstance(value, list) else [value] if value else []
    found = (names.get((field.target, pk), "") for pk in ids)
    return [name for name in found if name and not isinstance(name, Unseen)]


def _named(field: Field, names: list[str]) -> str:
    return lists.join(names) if field.type.name == "links" else "".join(names)


def number(value: Any) -> str:
    """A number that every reader reads alike: never with just three decimals, which some take for thousands."""
    if value is None:
        return ""
    plain = Decimal(value).normalize() + 0
    return format(plain, ".4f" if plain.as_tuple().exponent == -3 else "f")


def _numeric(field: Field) -> Typed:
    """A number where a spreadsheet can hold all of its digits."""

    def cell(record: Any, names: Names) -> Cell:
        value = field.get(record)
        if value is None:
            return None
        exact = Decimal(value)
        return exact if len(exact.normalize().as_tuple().digits) <= MOST_DIGITS else number(exact)

    return cell


class Reader:
    """Labels of fields and choices, calendar, digits and money as one person reads them."""

    def __init__(self, reader: Locale) -> None:
        self.reader = reader

    def titles(self, fields: Sequence[Field]) -> list[str]:
        """The labels; where two fields have the same one, the second stands under its name."""
        found: dict[str, None] = {}
        for field in fields:
            found.setdefault(field.name if str(field.label) in found else str(field.label))
        return list(found)

    def text(self, field: Field) -> Text:
        if field.target:
            return self._linked(field)
        kind = field.type.name
        if kind == "money":
            return self._money(field)
        if kind in ("choice", "choices"):
            return _labelled(field)
        write = field.typed if kind in ("date", "moment", "number") else field.show
        return lambda record, names: write(field.get(record), self.reader)

    def cell(self, field: Field) -> Typed:
        """Numbers are numbers, in whatever way they look; a spreadsheet knows no days but the Gregorian ones."""
        if field.type.is_number:
            return _numeric(field)
        if self.reader.calendar == "gregorian" and field.type.name in ("date", "moment"):
            return lambda record, names: self._day(field.get(record))
        return self.text(field)

    def _day(self, value: Any) -> Cell:
        return value.astimezone(self.reader.tz).replace(tzinfo=None) if isinstance(value, datetime) else value

    def _money(self, field: Field) -> Text:
        def text(record: Any, names: Names) -> str:
            value = field.get(record)
            if value is None:
                return ""
            return self.reader.money(value, getattr(record, "currency", "") or self.reader.currency)

        return text

    def _linked(self, field: Field) -> Text:
        def text(record: Any, names: Names) -> str:
            value = field.get(record)
            ids = value if isinstance(value, list) else [value] if value else []
            return _named(field, [names.get((field.target, pk), "") for pk in ids])

        return text


def _labelled(field: Field) -> Text:
    """The labels of choices, each looked up once."""
    known: dict[str, str] = {"": ""}

    def label(key: str) -> str:
        if key not in known:
            choice = choices.find(field.record_type, field.name, key)
            shown = _(choice.label) if choice else key
            known[key] = key if lists.SEPARATOR in shown or "," in shown else shown
        return known[key]

    def text(record: Any, names: Names) -> str:
        value = field.get(record)
        if isinstance(value, list | tuple):
            return lists.SEPARATOR.join(map(label, value))
        return label(value or "")

    return text
