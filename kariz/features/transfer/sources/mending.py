"""A second look at rows that the CSV module cannot read as the file means them."""

from __future__ import annotations

import csv
import re
from functools import lru_cache

from kariz.features.transfer.sources.dialects import Dialect


def mended(lines: list[str], dialect: Dialect, width: int) -> list[list[str]] | None:
    """The rows of these lines, of which the CSV module could make no row, or one that has a wrong number of cells.

    What goes wrong is quotation marks: inside a cell without being doubled, with a backslash, or opened and never
    closed, which swallows the rows below as far as the next mark. Those come back as they are, of whatever length.
    None where there is no telling what is meant.
    """
    single = [_one(line, dialect, width) for line in lines if line.strip()]
    fitting = sum(len(row) == width for row in single)
    if fitting == len(single):
        return single
    if len(single) == 1:
        return None
    whole = loosely("".join(lines), dialect, is_exact=True)
    if len(whole) == width:
        return [whole]
    return single if fitting * 2 > len(single) else None


def _one(line: str, dialect: Dialect, width: int) -> list[str]:
    """A line as a row of its own. What the CSV module can read is meant like that, whatever its length."""
    try:
        return next(dialect.reader([line], strict=True), [])
    except csv.Error:
        readings = (loosely(line, dialect, is_exact=True), plainly(line, dialect))
        return next((cells for cells in readings if len(cells) == width), [line])


def loosely(text: str, dialect: Dialect, *, is_exact: bool = False) -> list[str]:
    """The cells when only a mark before a delimiter closes a cell, so that others may stand inside it as they are.

    `is_exact` gives none at all where a mark is never closed.
    """
    quote = dialect.quote
    cells = []
    for found in _cell(dialect).finditer(text.rstrip("\r\n")):
        inner, bare, end = found.groups()
        if is_exact and inner is None and bare.lstrip().startswith(quote):
            return []
        cell = bare if inner is None else inner.replace('\\"', '"').replace(quote * 2, quote)
        cells.append(cell.lstrip(" ") if dialect.spaced else cell)
        if not end:
            break
    return cells


def plainly(text: str, dialect: Dialect) -> list[str]:
    """The cells when one mark has no other, so that marks only count where a pair of them is around a whole cell."""
    quote = dialect.quote
    if text.count(quote) % 2 == 0:
        return []
    cells = [
        cell.lstrip() if dialect.spaced else cell for cell in text.rstrip("\r\n").split(dialect.delimiter)
    ]
    return [cell[1:-1] if len(cell) > 1 and cell[0] == quote == cell[-1] else cell for cell in cells]


@lru_cache
def _cell(dialect: Dialect) -> re.Pattern[str]:
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    end = rf"({delimiter}|\Z)"
    return re.compile(rf"(?: *{quote}((?s:.*?)){quote} *(?={delimiter}|\Z)|([^{delimiter}]*)){end}")
