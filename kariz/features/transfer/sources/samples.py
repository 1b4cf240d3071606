"""The first rows of a delimited text: they tell how all of it is written."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.features.transfer.sources.base import Unreadable, is_blank, titled
from kariz.features.transfer.sources.delimited import Delimited
from kariz.features.transfer.sources.dialects import Dialect, sniff
from kariz.features.transfer.sources.layout import laid_out
from kariz.features.transfer.sources.mending import loosely, mended
from kariz.lib.spreadsheet import restore

MOST_WORDS = 8
MOST_LINES_SHOWN = 5

_TOLD = re.compile(r"sep=(.)[\r\n]+", re.IGNORECASE)
"""The line by which a file tells Excel its delimiter."""


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
    text = text.removeprefix("\ufeff")
    told = _TOLD.match(text)
    dialect = sniff(text[told.end() :] if told else text, delimiter or (told[1] if told else ""))
    records = _sampled(text, dialect)[bool(told) :] if dialect else []
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
