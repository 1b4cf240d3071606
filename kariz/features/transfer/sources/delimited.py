"""CSV and its relatives: rows of text with a delimiter, in any encoding, however long the file is."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import locale
from kariz.features.transfer.sources.base import LONGEST_CELL, Source, Unread, fitted, is_blank
from kariz.features.transfer.sources.dialects import Dialect
from kariz.features.transfer.sources.mending import loosely, mended
from kariz.lib.spreadsheet import restore

LONGEST_LINE = 4 * LONGEST_CELL

csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True, kw_only=True)
class Delimited(Source):
    """`skipped` is how many lines there are above the first row of data; for the rest see `layout.Layout`."""

    format: ClassVar[str] = "delimited"

    quote: str = '"'
    spaced: bool = False
    skipped: int = 0
    titles: list[str] = field(default_factory=list)
    fills: bool = True
    trims: bool = False

    @property
    def has_header(self) -> bool:
        return bool(self.titles)

    def _rows(self) -> Iterator[list[str]]:
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as text:
            lines = iter(partial(text.readline, LONGEST_LINE), "")
            below = islice(lines, self.skipped, None)
            yield from _Rows(self, Dialect(self.delimiter, self.quote, self.spaced)).of(below)


class _Rows:
    """The rows of one reading. Most of them are as long as the header and go the short way through `of`."""

    def __init__(self, source: Delimited, dialect: Dialect) -> None:
        self.source = source
        self.dialect = dialect
        self.width = len(source.header)
        self.lines: list[str] = []  # those that the row in hand was read from
        self.refused = ""  # why no row is taken any more
        self.restored = restore if dialect.quote == '"' else _undoubled

    def of(self, lines: Iterator[str]) -> Iterator[list[str]]:
        reader = self.dialect.reader(self._noted(lines), strict=True)
        width, taken, first = self.width, self.lines, self.source.titles[0] if self.source.titles else None
        while True:
            try:
                for cells in reader:
                    text = taken[0] if len(taken) == 1 else "".join(taken)
                    if cells and cells[0].strip() == first and self._is_header(cells):
                        self.refused = _("Another table begins here. Put each table into a file of its own.")
                    if len(cells) != width or self.refused or "\0" in text:
                        yield from self._odd(cells, taken)
                    elif cells[0] or not is_blank(cells):
                        yield self._meant(cells) if "'" in text else cells
                    taken.clear()
                return
            except csv.Error:
                yield from self._odd(None, taken)
                taken.clear()

    def _noted(self, lines: Iterator[str]) -> Iterator[str]:
        note = self.lines.append
        for line in lines:
            note(line)
            yield line

    def _odd(self, cells: list[str] | None, lines: list[str]) -> Iterator[list[str]]:
        """What a row of another length is, or one that cannot be read (`cells` is None)."""
        if cells is not None and is_blank(cells):
            return
        if "\0" in "".join(lines):
            yield self._unread(lines, _("This row holds characters that are no text."))
        elif self.refused:
            yield self._unread(cells or lines, self.refused)
        elif (cells is None or len(lines) > 1) and (rows := mended(lines, self.dialect, self.width)):
            for row in rows:
                is_whole = len(row) == self.width
                yield self._meant(row) if is_whole else self._unread(row, self._miscounted(row))
        elif cells is not None and self._is_as_ever(cells):
            yield self._meant(fitted(cells, self.width))
        else:
            whole = cells or loosely("".join(lines), self.dialect)
            yield self._unread(whole, self._miscounted(whole))

    def _meant(self, cells: list[str]) -> list[str]:
        return [self.restored(cell) for cell in cells]

    def _is_as_ever(self, cells: list[str]) -> bool:
        if len(cells) < self.width:
            return self.source.fills
        return self.source.trims and is_blank(cells[self.width :])

    def _is_header(self, cells: list[str]) -> bool:
        """Whether a row names the columns again, those of a like table included."""
        both = min(len(cells), self.width)
        return both > 1 and [cell.strip() for cell in cells[:both]] == self.source.titles[:both]

    def _miscounted(self, cells: list[str]) -> str:
        if len(cells) == self.width:
            return _("The quotes in this row do not match. Correct them in the file.")
        number = locale.active().number
        return ngettext(
            "This row has %(found)s cell where there are %(expected)s columns. Correct its separators or quotes.",
            "This row has %(found)s cells where there are %(expected)s columns. Correct its separators or quotes.",
            len(cells),
        ) % {"found": number(len(cells)), "expected": number(self.width)}

    def _unread(self, cells: list[str], reason: str) -> Unread:
        shown = [cell.replace("\0", "\ufffd").rstrip("\r\n") for cell in cells]
        if len(shown) > self.width:  # nothing of it is missing in the file of failed rows
            shown[self.width - 1 :] = [self.dialect.delimiter.join(shown[self.width - 1 :])]
        return Unread(fitted(shown, self.width), reason)


def _undoubled(cell: str) -> str:
    """Programs that quote with apostrophes leave the marks that they would have quoted with doubled."""
    return cell.replace('""', '"')
