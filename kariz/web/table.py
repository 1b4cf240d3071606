"""The rows of a list, painted: one statement for the records, one for each kind of record they link to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import access, links, paging, sight
from kariz.core.fields import Field
from kariz.core.paging import Page
from kariz.core.registry import RecordType
from kariz.web.cells import Paint, escaped, painter
from kariz.web.listing import Listing

PAGE_SIZE = 50
ANY_PK = 0  # stands in an address where the id of a record comes


@dataclass(frozen=True)
class Head:
    """The head of a column; `sort_url` is empty where the list cannot be sorted by it."""

    label: str
    css: str
    sort_url: str
    direction: str


@dataclass(frozen=True)
class Table:
    heads: list[Head]
    rows: list[SafeString]
    page: Page


def table(listing: Listing, size: int = PAGE_SIZE) -> Table:
    record_type, columns = listing.record_type, listing.columns
    page = paging.page(
        listing.records(),
        record_type,
        listing.sort,
        cursor=listing.cursor,
        size=size,
        columns=needed(record_type, columns),
        strands=sight.of(record_type, listing.user).strands,
    )
    return Table([_head(listing, field) for field in columns], rows(listing, page.records), page)


def needed(record_type: RecordType, fields: list[Field], *more: str) -> set[str]:
    """The columns that these fields, the title, the rights, and `more`, need."""
    names = {"owner_id", "version", record_type.title, record_type.locked, *more}
    if record_type.currency_column:
        names.add("currency")
    names |= {
        "custom" if field.is_custom else field.attribute for field in fields if field.type.name != "links"
    }
    return names - {""}


def rows(listing: Listing, records: list[Any]) -> list[SafeString]:
    """The rows as HTML. Their template is rendered once, with places for what differs, and filled for each record."""
    record_type, columns = listing.record_type, listing.columns[1:]
    links.load(record_type, records, [field.name for field in columns])
    names, reader = links.names(columns, records, listing.user), locale.active()
    painted = [Column(field, painter(field, names, reader)) for field in columns]
    title = record_type.all_fields[record_type.title]
    frame = render_to_string(
        "web/_table_row.html", {"pk": "{0}", "title": "{1}", "cells": "{2}", **addresses(record_type)}
    )
    cell = addresses(record_type)["cell"]
    editable = _editable(listing, records)
    found = []
    for record in records:
        edit = cell.format(record.pk) if record.pk in editable else ""
        cells = "".join([column.cell(record, edit) for column in painted])
        found.append(mark_safe(frame.format(record.pk, escaped(title.get(record) or "–"), cells)))  # noqa: S308  painted
    return found


def addresses(record_type: RecordType) -> dict[str, str]:
    """Addresses of a record with a place for its id: reversing each of them would cost more than the rows."""
    pages = {"url": ("record",), "panel": ("panel",), "cell": ("cell", "-")}
    return {
        key: reverse(f"web:{name}", args=[record_type, ANY_PK, *more])
        .replace(f"/{ANY_PK}/", "/{0}/")
        .removesuffix("-/")
        for key, (name, *more) in pages.items()
    }


def _editable(listing: Listing, records: list[Any]) -> set[int]:
    """The ids of the rows that the person may change where they stand."""
    locked = listing.record_type.locked
    open_ones = [one for one in records if not (locked and getattr(one, locked))]
    return access.writable_among(listing.record_type, listing.user, open_ones)


class Column:
    """Writes the cells of one field."""

    def __init__(self, field: Field, paint: Paint) -> None:
        self.paint = paint
        css = ' class="table__number"' if field.type.is_number else ""
        self.fixed = f"<td{css}>"
        self.editable = (f'<td{css} data-edit-url="', f'{field.name}/">') if is_editable(field) else None

    def cell(self, record: Any, edit: str) -> str:
        if not edit or not self.editable:
            return f"{self.fixed}{self.paint(record)}</td>"
        before, after = self.editable
        return f"{before}{edit}{after}{self.paint(record)}</td>"


def is_editable(field: Field) -> bool:
    """Whether a value is changed where it stands: long texts and lists of links need more room."""
    return not field.is_readonly and field.type.name not in ("links", "long_text")


def _head(listing: Listing, field: Field) -> Head:
    css = (
        "table__name"
        if field.name == listing.record_type.title
        else "table__number"
        if field.type.is_number
        else ""
    )
    is_sorted = listing.sort.removeprefix("-") == field.name
    is_down = listing.sort.startswith("-")
    if not field.type.is_sortable and field.name != listing.record_type.title:
        return Head(str(field.label), css, "", "")
    wanted = f"-{field.name}" if is_sorted and not is_down else field.name
    direction = ("descending" if is_down else "ascending") if is_sorted else ""
    return Head(str(field.label), css, listing.address(sort=wanted), direction)


def painted_cell(record: Any, field: Field, user: User) -> SafeString:
    """One value as the list shows it."""
    names = links.names([field], [record], user)
    return painter(field, names)(record)
