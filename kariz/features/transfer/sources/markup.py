"""What the parts of a workbook hold, collected while the parser goes through them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from kariz.features.transfer.sources.base import LONGEST_CELL, is_blank
from kariz.lib.spreadsheet import restore

LARGEST_TEXTS = 256 * 1024**2
MOST_COLUMNS = 16_384

# How texts in a workbook write what XML cannot: `_x000D_` is a carriage return. Half characters stay as they are.
_ESCAPED = re.compile(r"_x((?![Dd][89A-Fa-f]|0000)[0-9A-Fa-f]{4})_")


class BadWorkbook(Exception):
    """The file cannot be read.

    `code` is `damaged`, `too_large`, `binary`, `open_document` or `archive` (of anything else).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Texts:
    """The texts that cells share, kept close together: a list of them would take several times the memory."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str) -> None:
        self._bytes += text.encode("utf-8", "replace")
        if len(self._bytes) > LARGEST_TEXTS:
            raise BadWorkbook("too_large")
        self._ends.append(len(self._bytes))

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self._ends) - 1:
            raise BadWorkbook("damaged")
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Handler:
    """Collects what a part of the workbook holds in `found`. The root tells how the names of its elements begin.

    The text counts that stands in `t` or `v`, unless it is in `rPh`, which tells how a text is pronounced.
    """

    def __init__(self) -> None:
        self.found: list[Any] = []
        self.inner: list[str] = []  # the text being read
        self.is_text = False
        self.is_spoken = False
        self.size = 0

    def begin(self, parser: expat.XMLParserType, tag: str, _attributes: dict[str, str]) -> None:
        prefix = tag[: tag.find(":") + 1]
        self.text, self.value, self.spoken = prefix + "t", prefix + "v", prefix + "rPh"
        self.item, self.row, self.cell = prefix + "si", prefix + "row", prefix + "c"
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.hear

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in (self.value, self.text):
            self.is_text = not self.is_spoken
        elif tag == self.spoken:
            self.is_spoken = True

    def end(self, tag: str) -> None:
        if tag in (self.value, self.text):
            self.is_text = False
        elif tag == self.spoken:
            self.is_spoken = False

    def hear(self, data: str) -> None:
        if self.is_text:
            self.inner.append(data)
            self.size += len(data)
            if self.size > LONGEST_CELL:
                raise BadWorkbook("too_large")

    def said(self) -> str:
        text = self.inner[0] if len(self.inner) == 1 else "".join(self.inner)
        self.inner.clear()
        self.size = 0
        return text


class Strings(Handler):
    """The shared texts, each put together from its runs."""

    def end(self, tag: str) -> None:
        if tag == self.item:
            self.found.append(_unescaped(self.said()))
        else:
            super().end(tag)


class Cells(Handler):
    """The rows of a sheet. Cells tell their places, as empty ones are often left out.

    Its methods are called for every element: they are as short as they can be.
    """

    def __init__(self, shared: Callable[[], Texts], shown: Callable[[str, str], str]) -> None:
        super().__init__()
        self.shared = shared
        self.shown = shown
        self.cells: list[str] = []
        self.place = -1
        self.kind = self.style = ""
        self.columns: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self.cell:
            reference = attributes.get("r")
            self.place = self.column(reference) if reference else self.place + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        elif tag == self.value:
            self.is_text = True
        elif tag == self.row:
            self.place = -1
        else:
            super().start(tag, attributes)

    def end(self, tag: str) -> None:
        if tag == self.cell:
            if self.inner:
                self.put(self.said())
        elif tag == self.value:
            self.is_text = False
        elif tag == self.row:
            if not is_blank(self.cells):
                self.found.append(self.cells)
            self.cells = []
        else:
            super().end(tag)

    def put(self, text: str) -> None:
        if 0 <= self.place < MOST_COLUMNS:
            self.cells += [""] * (self.place - len(self.cells))
            self.cells[self.place :] = [self.meant(text)]

    def column(self, reference: str) -> int:
        """0 for A1, 27 for AB7."""
        letters = reference.rstrip("0123456789")
        found = self.columns.get(letters)
        if found is None:
            found = 0
            for letter in letters[:4].upper():
                found = found * 26 + ord(letter) - 64
            found = self.columns[letters] = found - 1
        return found

    def meant(self, text: str) -> str:
        match self.kind:
            case "s":
                return restore(self.shared()[int(text)])
            case "n":
                return self.shown(text, self.style)
            case "b":
                return "yes" if text.strip() in ("1", "true") else "no"
            case "d":
                return text.replace("T", " ")
        return restore(_unescaped(text))
