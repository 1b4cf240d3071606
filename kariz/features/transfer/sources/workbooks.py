"""Excel workbooks: one of their sheets is the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.features.transfer.sources.base import Source, Unread, Unreadable, fitted, titled
from kariz.features.transfer.sources.layout import laid_out
from kariz.features.transfer.sources.markup import BadWorkbook
from kariz.features.transfer.sources.spreadsheetml import Book

SAMPLED_ROWS = 1000
MOST_LINES_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Workbook(Source):
    """`skipped` is how many filled rows there are above the first one of data."""

    format: ClassVar[str] = "workbook"

    sheet: str
    has_header: bool = True
    skipped: int = 0

    def _rows(self) -> Iterator[list[str]]:
        width = len(self.header)
        try:
            with Book(self.path) as book:
                for cells in islice(_rows_of(book, self.sheet), self.skipped, None):
                    if len(cells) <= width:
                        yield fitted(cells, width)
                    else:
                        yield self._unread(cells)
        except BadWorkbook as error:
            raise Unreadable(_refusal(error)) from error

    def _unread(self, cells: list[str]) -> Unread:
        number = locale.active().number
        reason = _(
            "This row has %(found)s cells where there are %(expected)s columns. Give each column a name on top."
        ) % {"found": number(len(cells)), "expected": number(len(self.header))}
        kept = len(self.header) - 1
        return Unread([*cells[:kept], " ".join(cells[kept:])], reason)


def workbook(path: Path, *, sheet: str = "", has_header: bool | None = None) -> Workbook:
    """The table in a workbook: in that sheet, or else in the first one that holds any. Raises `Unreadable`."""
    try:
        with Book(path) as book:
            shown = [one for one in book.sheets if not one.is_hidden] or book.sheets
            names = [one.name for one in shown]
            for name in [sheet] if sheet in names else names:
                rows = list(islice(_rows_of(book, name), SAMPLED_ROWS))
                if rows:
                    return _workbook(path, names, name, rows, has_header)
    except BadWorkbook as error:
        raise Unreadable(_refusal(error)) from error
    raise Unreadable(_("The sheet is empty. Choose another file or sheet."))


def _rows_of(book: Book, name: str) -> Iterator[list[str]]:
    found = [sheet for sheet in book.sheets if sheet.name == name]
    return book.rows(found[0]) if found else iter(())


def _workbook(
    path: Path, sheets: list[str], sheet: str, rows: list[list[str]], has_header: bool | None
) -> Workbook:
    widest = max(map(len, rows))
    layout = laid_out([fitted(row, widest) for row in rows], has_header=has_header)
    return Workbook(
        path=path,
        header=titled(layout.titles, layout.width),
        preamble=[" ".join(filter(None, row)) for row in rows[: layout.above][:MOST_LINES_SHOWN]],
        warnings=[],
        sheets=sheets,
        sheet=sheet,
        has_header=bool(layout.titles),
        skipped=layout.body,
    )


def _refusal(error: BadWorkbook) -> str:
    return {
        "damaged": _("This Excel workbook is damaged. Open it, save it anew and choose it again."),
        "too_large": _(
            "This workbook unpacks to far more than a table holds. Save the sheet as CSV and choose that."
        ),
        "binary": _("This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx) or as CSV."),
        "open_document": _(
            "This is an OpenDocument file. Save the sheet as an Excel workbook (.xlsx) or as CSV."
        ),
    }.get(error.code, _("This is a compressed file. Unpack it and choose the file inside."))
