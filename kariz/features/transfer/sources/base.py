"""What all kinds of files have in common once they are recognised: they are rows of texts below a header."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from kariz.accounts import locale

LONGEST_CELL = 1_000_000


class Unreadable(ValueError):
    """The file is none that can be imported; the message says what it is and what to do."""


class Unread(list[str]):
    """A row that could not be read: its cells hold what the file says, as far as it goes; `reason` is for the user."""

    def __init__(self, cells: Iterable[str], reason: str) -> None:
        super().__init__(cells)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Source(ABC):
    """A table in a file. Its rows are read one by one: memory does not grow with the file.

    `preamble` are the lines above the header, `warnings` sentences about the file that the user should read, `sheets`
    the names of the sheets that a person can choose among.
    """

    path: Path
    header: list[str]
    preamble: list[str]
    warnings: list[str]
    sheets: list[str]
    encoding: str = ""
    delimiter: str = ""

    format: ClassVar[str]
    suggested: ClassVar[str] = ""
    """The record type whose records such files usually hold."""

    @property
    def has_header(self) -> bool:
        """Whether the file itself names its columns, or the format does."""
        return True

    @abstractmethod
    def _rows(self) -> Iterator[list[str]]:
        """All rows; see `rows`."""

    def rows(self, start: int = 0) -> Iterator[list[str]]:
        """The rows below the header from row `start` on, each as long as the header; empty lines are no rows.

        A row that cannot be read comes as an `Unread`.
        """
        return islice(self._rows(), start, None)

    def count(self) -> int:
        """How many rows there are, found out by reading all of them."""
        return sum(1 for _row in self._rows())

    def suggest(self, names: Iterable[str]) -> dict[str, str]:
        """Column → one of these fields, where the format itself says what its columns mean; else empty."""
        return {}

    def as_json(self) -> dict[str, Any]:
        """What `reopen` needs beside the path."""
        kept = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "path"}
        return {"format": self.format} | kept


def titled(cells: Sequence[str], width: int) -> list[str]:
    """The names of `width` columns, each another one: the nameless are called by their number."""
    seen: set[str] = set()
    names = []
    for number in range(1, width + 1):
        title = " ".join(cells[number - 1].split()) if number <= len(cells) else ""
        name = title = title or _("Column %(number)s") % {"number": locale.active().number(number)}
        times = 1
        while name in seen:
            times += 1
            name = f"{title} ({times})"
        seen.add(name)
        names.append(name)
    return names


def fitted(cells: list[str], width: int) -> list[str]:
    """The cells, filled up or cut to the width."""
    missing = width - len(cells)
    return cells + [""] * missing if missing > 0 else cells[:width]


def is_blank(cells: Iterable[str]) -> bool:
    return not any(map(str.strip, cells))
