"""Where in the first rows of a table its header stands, and how the rows below may differ from it in length."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kariz.features.transfer.sources.base import is_blank

MOST_ABOVE = 30
HABIT = 0.02
"""The share of sampled rows that makes a deviation a habit of the file; below it, it is a mistake."""

_VALUE = re.compile(r"[-+.,/:%$€₺﷼()\s\d]*\d[-+.,/:%$€₺﷼()\s\d]*|[^@\s]+@[^@\s]+\.[^@\s]+|https?://\S+")
_YEAR = re.compile(r"(19|20|13|14)\d\d")


@dataclass(frozen=True)
class Layout:
    """`above` rows stand over the header, `titles` are its cells, `body` is the number of the first row of data.

    `width` is how many columns there are, `fills` and `trims` tell whether shorter rows, and longer ones that hold
    nothing more, are as the file always writes them.
    """

    above: int
    titles: list[str]
    body: int
    width: int
    fills: bool
    trims: bool


def laid_out(rows: Sequence[Sequence[str]], *, has_header: bool | None = None) -> Layout:
    """The layout of a table by its first rows, blank ones left out. `has_header` is what a person said, if anything."""
    above = _above(rows)
    titles = [cell.strip() for cell in rows[above]]
    body = above + 1
    if not (_names_columns(rows[above:]) if has_header is None else has_header):
        titles, body = [], above
    while titles and body < len(rows) and [cell.strip() for cell in rows[body]] == titles:
        body += 1  # a header of several lines
    return _measured(above, titles, body, rows)


def _measured(above: int, titles: list[str], body: int, rows: Sequence[Sequence[str]]) -> Layout:
    below = rows[body:]
    widths = Counter(map(len, below))
    usual = widths.most_common(1)[0][0] if widths else len(titles)
    width = len(titles) or usual
    longer = [row for row in below if len(row) > width]
    said = [row for row in longer if not is_blank(row[width:])]
    if len(said) * 2 > len(below):  # columns without a name
        width = max(width, Counter(map(len, said)).most_common(1)[0][0])
    shorter = sum(len(row) < width for row in below)
    return Layout(
        above=above,
        titles=titles,
        body=body,
        width=width,
        fills=not below or shorter > HABIT * len(below),
        trims=len(longer) - len(said) > HABIT * len(below),
    )


def _above(rows: Sequence[Sequence[str]]) -> int:
    """How many rows there are over the table: titles, dates and notes of a report hold less than half a row."""
    width = Counter(map(len, rows)).most_common(1)[0][0]
    for number, row in enumerate(rows[:MOST_ABOVE]):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled * 2 > width or (filled * 2 == width and len(row) >= width):
            return number
    return 0


def _names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row does: names are no numbers, dates or addresses, unless they are years among names."""
    first = [cell.strip() for cell in rows[0] if cell.strip()]
    values = [cell for cell in first if _VALUE.fullmatch(cell)]
    return not values or (len(values) < len(first) and all(_YEAR.fullmatch(cell) for cell in values))
