"""How a text separates the cells of its rows, found out from its first ones."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import NamedTuple

from kariz.features.transfer.sources.base import is_blank

SNIFFED = 100_000
SNIFFED_ROWS = 100
# Of two that fit equally well the comma goes last: numbers and names have commas in every row too.
DELIMITERS = "\t;|,"

_QUOTED = re.compile(r"""(?:^|[,;\t|]) ?(["'])[^\n]{0,200}?\1(?=[,;\t|]|$)""", re.MULTILINE)


class Dialect(NamedTuple):
    """`spaced`: each delimiter has a space behind it that is no part of the cell."""

    delimiter: str
    quote: str
    spaced: bool = False

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> Iterator[list[str]]:
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            skipinitialspace=self.spaced,
            strict=strict,
        )


def sniff(text: str, delimiter: str = "") -> Dialect | None:
    """The dialect of the text, with the delimiter given if one is; None where no delimiter makes columns of it.

    That is the delimiter which gives most of the first rows the same width. A list of one column has the first one
    that does not occur in it.
    """
    sample = text[:SNIFFED].removeprefix("\ufeff")
    quoted = Counter(_QUOTED.findall(sample))
    quote = "'" if quoted["'"] > quoted['"'] else '"'
    if delimiter:
        return Dialect(delimiter, quote, _is_spaced(sample, delimiter, quote))
    known = [Dialect(one, quote, spaced) for spaced in (False, True) for one in DELIMITERS]
    shares = {one: _share(_first_rows(sample, one)) for one in known}
    best = max(known, key=lambda one: shares[one])
    if shares[best] >= 0.5:
        return Dialect(best.delimiter, quote, _is_spaced(sample, best.delimiter, quote))
    unused = next((one for one in DELIMITERS if one not in sample), None)
    return Dialect(unused, quote) if unused else None


def _first_rows(sample: str, dialect: Dialect) -> list[list[str]]:
    reader = dialect.reader(StringIO(sample, newline=""))
    try:
        rows = list(islice((row for row in reader if not is_blank(row)), SNIFFED_ROWS + 1))
    except csv.Error:
        return []
    # The last row of a long text is not whole.
    return rows[:-1] if len(rows) > 1 and len(sample) >= SNIFFED else rows[:SNIFFED_ROWS]


def _share(rows: Sequence[Sequence[str]]) -> float:
    """The share of rows that have the commonest width above one."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return round(widths.most_common(1)[0][1] / len(rows), 2) if widths else 0


def _is_spaced(sample: str, delimiter: str, quote: str) -> bool:
    """Whether a cell in quotation marks, or else every cell, has a space before it."""
    if sample.count(f"{delimiter} {quote}") > sample.count(f"{delimiter}{quote}"):
        return True
    rows = _first_rows(sample, Dialect(delimiter, quote))
    later = [cell for row in rows for cell in row[1:]]
    return bool(later) and all(cell.startswith(" ") for cell in later)
