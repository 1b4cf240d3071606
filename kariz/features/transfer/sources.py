"""Files as rows: recognised once from their first bytes, then streamed, however long they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.lib import encodings

SAMPLE = 512 * 1024
LONGEST_CELL = 1_000_000
csv.field_size_limit(LONGEST_CELL)


class Unreadable(ValueError):
    """The file is no table of text; the message says what it is and what to do."""


@dataclass(frozen=True)
class Source:
    """A table in a file: its encoding, delimiter and the names of its columns."""

    path: Path
    encoding: str
    delimiter: str
    header: list[str]
    quote: str = '"'
    has_header: bool = True

    def rows(self, start: int = 0) -> Iterator[list[str]]:
        """The rows below the header from row `start` on, each as long as the header; empty lines are no rows."""
        with _opened(self.path, self.encoding) as text:
            reader = csv.reader(text, delimiter=self.delimiter, quotechar=self.quote)
            filled = (cells for cells in reader if any(cell.strip() for cell in cells))
            if self.has_header:
                next(filled, None)
            for number, cells in enumerate(filled):
                if number >= start:
                    yield self._fitted(cells)

    def _fitted(self, cells: list[str]) -> list[str]:
        missing = len(self.header) - len(cells)
        return cells + [""] * missing if missing > 0 else cells[: len(self.header)]

    def count(self) -> int:
        return sum(1 for _row in self.rows())


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[Any]:
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        yield text


def _refusal(code: str) -> str:
    packed = _("This is a compressed file. Unpack it and choose the file inside.")
    spreadsheet = _("This is a spreadsheet file. Save it as CSV (UTF-8) and choose that.")
    messages = {
        "empty": _("The file is empty."),
        "html": _("This is a web page, not a table. Open it in a spreadsheet and save it as CSV."),
        **dict.fromkeys(("zip", "gzip", "bzip2"), packed),
        **dict.fromkeys(("xlsx", "xls"), spreadsheet),
        "pdf": _("This is a PDF, not a table. Choose a CSV file."),
    }
    return messages.get(code, _("This is not a table of text. Choose a CSV file."))


def recognise(path: Path) -> Source:
    """Find out how a file is written. Raises `Unreadable`."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    refused = encodings.refuse(sample)
    if refused:
        raise Unreadable(_refusal(refused))
    whole_lines = sample if len(sample) < SAMPLE else sample[: sample.rfind(b"\n") + 1] or sample
    text, encoding = encodings.decode(whole_lines)
    dialect = encodings.sniff(text)
    first = next(csv.reader(io.StringIO(text), delimiter=dialect.delimiter, quotechar=dialect.quotechar), [])
    if not any(cell.strip() for cell in first):
        raise Unreadable(_("The first line of the file is empty. It should name the columns."))
    header = (
        [cell.strip() or _unnamed(n) for n, cell in enumerate(first, 1)]
        if dialect.has_header
        else [_unnamed(n) for n in range(1, len(first) + 1)]
    )
    return Source(path, encoding, dialect.delimiter, _distinct(header), dialect.quotechar, dialect.has_header)


def _unnamed(number: int) -> str:
    return _("Column %(number)s") % {"number": locale.active().number(number)}


def _distinct(header: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    names = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
