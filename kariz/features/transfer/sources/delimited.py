"""CSV and its relatives: rows of text with a delimiter, in any encoding, however long the file is."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import locale
from kariz.features.transfer.sources.base import (
    LONGEST_CELL,
    Source,
    Unread,
    Unreadable,
    fitted,
    is_blank,
    titled,
)
from kariz.features.transfer.sources.dialects import Dialect, sniff
from kariz.features.transfer.sources.layout import laid_out
from kariz.features.transfer.sources.mending import loosely, mended
from kariz.lib.spreadsheet import restore

LONGEST_LINE = 4 * LONGEST_CELL
MOST_WORDS = 8
MOST_LINES_SHOWN = 5

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


@dataclass(frozen=True)
class _Record:
    """A row of the sample, the lines that it was read from, and the number of lines up to its end.

    `is_sure` is false where the CSV module could not read it.
    """

    cells: list[str]
    lines: list[str]
    end: int
    is_sure: bool


def delimited(
    path: Path, text: str, encoding: str, *, delimiter: str = "", has_header: bool | None = None
) -> Delimited:
    """The table in a text file, by the first whole lines of it. Raises `Unreadable`."""
    dialect = sniff(text, delimiter)
    records = _sampled(text.removeprefix("\ufeff"), dialect) if dialect else []
    if dialect is None or not records or _is_prose(records):
        raise Unreadable(
            _(
                "The columns of this text cannot be told apart. Save the table as CSV, with commas or semicolons."
            )
        )
    layout = laid_out([record.cells for record in records], has_header=has_header)
    if layout.width == 1 and len(records) == 1:
        raise Unreadable(_("There is one line of text in this file and no table."))
    return Delimited(
        path=path,
        header=titled([restore(title) for title in layout.titles], layout.width),
        preamble=[
            " ".join(filter(None, record.cells)) for record in records[: layout.above][:MOST_LINES_SHOWN]
        ],
        warnings=_warnings(text),
        sheets=[],
        encoding=encoding,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        spaced=dialect.spaced,
        skipped=records[layout.body - 1].end if layout.body else 0,
        titles=layout.titles,
        fills=layout.fills,
        trims=layout.trims,
    )


def _sampled(text: str, dialect: Dialect) -> list[_Record]:
    """The rows of a text that hold anything; the last one as well, although it may not be whole."""
    lines: list[str] = []
    note = lines.append
    reader = dialect.reader((note(line) or line for line in io.StringIO(text, newline="")), strict=True)
    records = []
    end = 0
    while True:
        is_sure = True
        try:
            cells = next(reader, None)
        except csv.Error:
            cells, is_sure = loosely("".join(lines), dialect), False
        if cells is None:
            break
        end += len(lines)
        if not is_blank(cells):
            records.append(_Record(cells, lines.copy(), end, is_sure))
        lines.clear()
    width = Counter(len(record.cells) for record in records).most_common(1)[0][0] if records else 0
    return [one for record in records for one in _mended(record, dialect, width)]


def _mended(record: _Record, dialect: Dialect, width: int) -> list[_Record]:
    is_fine = len(record.cells) == width or (record.is_sure and len(record.lines) == 1)
    rows = None if is_fine else mended(record.lines, dialect, width)
    if rows is None:
        return [record]
    if len(rows) == 1:
        return [replace(record, cells=rows[0])]
    start = record.end - len(record.lines)
    ends = [end for end, line in enumerate(record.lines, start + 1) if line.strip()]
    return [_Record(cells, [], end, is_sure=False) for cells, end in zip(rows, ends, strict=True)]


def _is_prose(records: list[_Record]) -> bool:
    """Whether the text is no list although it has one column: sentences, or columns that spaces set apart."""
    if any(len(record.cells) > 1 for record in records):
        return False
    lines = [record.cells[0].strip() for record in records]
    spaced = sum("  " in line for line in lines)
    return spaced * 2 > len(lines) or sum(len(line.split()) for line in lines) > MOST_WORDS * len(lines)


def _warnings(text: str) -> list[str]:
    broken = text.count("\ufffd")
    if not broken:
        return []
    said = _(
        "Characters that could not be read: %(number)s. They show as �. Save the file as UTF-8 to keep them."
    )
    return [said % {"number": locale.active().number(broken)}]
