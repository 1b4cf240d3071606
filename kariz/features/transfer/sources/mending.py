"""A second look at rows that the CSV module cannot read as the file means them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from kariz.features.transfer.sources.base import is_blank
from kariz.features.transfer.sources.dialects import Dialect


def mended(lines: list[str], dialect: Dialect, width: int) -> list[list[str]] | None:
    """The rows of these lines, which the CSV module took for one row with a wrong number of cells; None if it is lost.

    What goes wrong is quotation marks: inside a cell without being doubled, with a backslash, or opened and never
    closed, which swallows the rows below as far as the next mark. Those come back as they are, mended or not.
    """
    single = [_one(line, dialect, width) for line in lines if line.strip()]
    fitting = sum(len(row) == width for row in single)
    if fitting == len(single) > 1:
        return single
    whole = next(_readings("".join(lines), dialect, width), None)
    if whole is not None:
        return [whole]
    return single if len(single) > 1 and fitting * 2 > len(single) else None


def _one(line: str, dialect: Dialect, width: int) -> list[str]:
    strict = read([line], dialect)
    return next((row for row in chain(strict, _readings(line, dialect, width)) if len(row) == width), [line])


def read(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """The rows of a text of a few lines, as the CSV module reads them when it overlooks what it can."""
    try:
        yield from dialect.reader(lines)
    except csv.Error:
        return


def _readings(text: str, dialect: Dialect, width: int) -> Iterator[list[str]]:
    """The ways to read the text as one row that give it the right number of cells, the likeliest first."""
    for split in (loosely, plainly):
        cells = split(text.rstrip("\r\n"), dialect)
        if len(cells) == width and not is_blank(cells):
            yield cells


def loosely(text: str, dialect: Dialect) -> list[str]:
    """The cells when only a mark before a delimiter closes a cell, so that others may stand inside it as they are."""
    quote = dialect.quote
    cells = []
    for found in _cell(dialect).finditer(text):
        inner, bare, end = found.groups()
        cell = bare if inner is None else inner.replace('\\"', '"').replace(quote * 2, quote)
        cells.append(cell.lstrip(" ") if dialect.spaced else cell)
        if not end:
            break
    return cells


def plainly(text: str, dialect: Dialect) -> list[str]:
    """The cells when marks only count where a pair of them is around a whole cell."""
    quote = dialect.quote
    cells = [cell.lstrip() if dialect.spaced else cell for cell in text.split(dialect.delimiter)]
    return [cell[1:-1] if len(cell) > 1 and cell[0] == quote == cell[-1] else cell for cell in cells]


@lru_cache
def _cell(dialect: Dialect) -> re.Pattern[str]:
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    end = rf"({delimiter}|\Z)"
    return re.compile(rf"(?: *{quote}((?s:.*?)){quote} *(?={delimiter}|\Z)|([^{delimiter}]*)){end}")
