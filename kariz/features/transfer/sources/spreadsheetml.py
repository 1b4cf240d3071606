"""The format of Excel workbooks (ISO/IEC 29500), as far as it holds values: streamed, and safe to open.

Everything that a hostile file could make large is bounded: what the archive may unpack to, the texts that are kept, a
cell. No library does that (see docs/dependencies.md).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from posixpath import join, normpath
from typing import IO, Any, Self
from xml.etree import ElementTree as ET
from xml.parsers import expat

from kariz.features.transfer.sources import values
from kariz.features.transfer.sources.base import LONGEST_CELL, is_blank
from kariz.lib.spreadsheet import restore

LARGEST = 4 * 1024**3
LARGEST_RATIO = 300
LARGEST_SMALL_PART = 16 * 1024**2
LARGEST_TEXTS = 256 * 1024**2
MOST_COLUMNS = 16_384
CHUNK = 256 * 1024

_BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, ValueError)
_HIDDEN = ("hidden", "veryHidden")


class BadWorkbook(ValueError):
    """The file cannot be read.

    `code` is `damaged`, `too_large`, `binary`, `open_document` or `archive` (of anything else).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Sheet:
    name: str
    part: str
    is_hidden: bool


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


class Book:
    """An open workbook: `sheets`, and the rows of each. Raises `BadWorkbook` wherever the file is not right."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise BadWorkbook("damaged") from error
        if sum(part.file_size for part in self._archive.infolist()) > LARGEST:
            raise BadWorkbook("too_large")
        self._names = {name.lower(): name for name in self._archive.namelist()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._archive.close()

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The sheets that hold cells, in their order."""
        parts = {id_: part for id_, kind, part in self._relations(self._main) if kind.endswith("/worksheet")}
        found = []
        for sheet in self._of(self._tree(self._main), "sheet"):
            id_ = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            if id_ in parts:
                found.append(Sheet(sheet.get("name", ""), parts[id_], sheet.get("state") in _HIDDEN))
        return found

    def rows(self, sheet: Sheet) -> Iterator[list[str]]:
        """The rows that hold anything, without the empty cells at their end."""
        kinds, is_1904 = self._kinds, self._is_1904

        def shown(text: str, style: str) -> str:
            kind = kinds[int(style)] if style and int(style) < len(kinds) else values.PLAIN
            return values.text_of(text, kind, is_1904=is_1904)

        yield from self._parsed(sheet.part, _Cells(lambda: self._texts, shown))

    @cached_property
    def _main(self) -> str:
        if "_rels/.rels" not in self._names:
            raise BadWorkbook(
                "open_document" if {"mimetype", "content.xml"} <= set(self._names) else "archive"
            )
        found = [part for _id, kind, part in self._relations("") if kind.endswith("/officeDocument")]
        if not found or not found[0].lower().startswith("xl/"):
            raise BadWorkbook("archive")
        if found[0].lower().endswith(".bin"):
            raise BadWorkbook("binary")
        return found[0]

    @cached_property
    def _is_1904(self) -> bool:
        """Whether days are counted from 1904, as old Macs did."""
        properties = self._of(self._tree(self._main), "workbookPr")
        return any(one.get("date1904") in ("1", "true") for one in properties)

    @cached_property
    def _kinds(self) -> list[str]:
        """What the number in a cell of each style is: see `values.kind_of`."""
        part = self._related("/styles")
        if not part:
            return []
        root = self._tree(part)
        codes = {one.get("numFmtId"): one.get("formatCode", "") for one in self._of(root, "numFmt")}
        used = [xf for xfs in self._of(root, "cellXfs") for xf in xfs]
        return [values.kind_of(xf.get("numFmtId", "0"), codes.get(xf.get("numFmtId"), "")) for xf in used]

    @cached_property
    def _texts(self) -> Texts:
        texts = Texts()
        part = self._related("/sharedStrings")
        for text in self._parsed(part, _Strings()) if part else ():
            texts.append(text)
        return texts

    def _related(self, kind: str) -> str:
        return next((part for _id, known, part in self._relations(self._main) if known.endswith(kind)), "")

    def _relations(self, part: str) -> list[tuple[str, str, str]]:
        """(id, kind, part) of what a part, or the whole package, refers to."""
        folder, _slash, name = part.rpartition("/")
        root = self._tree(join(folder, "_rels", f"{name}.rels"))
        return [
            (one.get("Id", ""), one.get("Type", ""), normpath(join("/", folder, one.get("Target", "")))[1:])
            for one in root
            if one.get("TargetMode") != "External"
        ]

    @staticmethod
    def _of(root: ET.Element, tag: str) -> list[ET.Element]:
        """The elements of that name in any of the format's namespaces."""
        return [one for one in root.iter() if one.tag == tag or one.tag.endswith("}" + tag)]

    def _tree(self, part: str) -> ET.Element:
        with self._open(part, LARGEST_SMALL_PART) as file:
            try:
                return ET.parse(file).getroot()  # noqa: S314 - expat bounds what entities grow to, and fetches none
            except (ET.ParseError, *_BROKEN) as error:
                raise BadWorkbook("damaged") from error

    def _open(self, part: str, largest: int = LARGEST) -> IO[bytes]:
        """No more than the size that is told is ever unpacked."""
        try:
            info = self._archive.getinfo(self._names[part.lower()])
            if info.file_size > min(largest, LARGEST_RATIO * info.compress_size + LARGEST_SMALL_PART):
                raise BadWorkbook("too_large")
            return self._archive.open(info)
        except (KeyError, RuntimeError, zipfile.BadZipFile) as error:
            raise BadWorkbook("damaged") from error

    def _parsed(self, part: str, handler: _Handler) -> Iterator[Any]:
        """What the handler finds in a part, while it is being read."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = partial(handler.begin, parser)
        try:
            with self._open(part) as file:
                while chunk := file.read(CHUNK):
                    parser.Parse(chunk, False)
                    yield from handler.found
                    handler.found.clear()
            parser.Parse(b"", True)
        except BadWorkbook:
            raise
        except (*_BROKEN, KeyError, IndexError) as error:
            raise BadWorkbook("damaged") from error


# How texts in a workbook write what XML cannot: `_x000D_` is a carriage return. Half characters stay as they are.
_ESCAPED = re.compile(r"_x((?![Dd][89A-Fa-f]|0000)[0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _Handler:
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


class _Strings(_Handler):
    """The shared texts, each put together from its runs."""

    def end(self, tag: str) -> None:
        if tag == self.item:
            self.found.append(_unescaped(self.said()))
        else:
            super().end(tag)


class _Cells(_Handler):
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
        missing = self.place - len(self.cells)
        if missing > 0 and self.place < MOST_COLUMNS:
            self.cells += [""] * missing
        if self.place < MOST_COLUMNS:
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
