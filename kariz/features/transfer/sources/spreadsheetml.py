"""The format of Excel workbooks (ISO/IEC 29500), as far as it holds values: streamed, and safe to open.

Everything that a hostile file could make large is bounded: what the archive may unpack to, the texts that are kept, a
cell. No library does that (see docs/dependencies.md).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from posixpath import join, normpath
from typing import IO, Any, NoReturn, Self
from xml.etree import ElementTree as ET
from xml.parsers import expat

from kariz.features.transfer.sources import values
from kariz.features.transfer.sources.markup import BadWorkbook, Cells, Handler, Strings, Texts

LARGEST = 4 * 1024**3
LARGEST_RATIO = 300
LARGEST_SMALL_PART = 16 * 1024**2
CHUNK = 256 * 1024

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    ArithmeticError,
)
_HIDDEN = ("hidden", "veryHidden")


@dataclass(frozen=True)
class Sheet:
    name: str
    part: str
    is_hidden: bool


def _refuse(*_declared: Any) -> NoReturn:
    """No workbook declares a type of document; whoever does wants entities that grow, or other files."""
    raise BadWorkbook("damaged")


class _Plain(ET.TreeBuilder):
    doctype = _refuse


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

        yield from self._parsed(sheet.part, Cells(lambda: self._texts, shown))

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
        for text in self._parsed(part, Strings()) if part else ():
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
                # Without a type of document there are no entities, which alone would grow.
                return ET.parse(file, ET.XMLParser(target=_Plain())).getroot()  # noqa: S314 # nosec B314
            except (ET.ParseError, *_BROKEN) as error:
                raise BadWorkbook("damaged") from error

    def _open(self, part: str, largest: int = LARGEST) -> IO[bytes]:
        """No more than the size that is told is ever unpacked."""
        try:
            info = self._archive.getinfo(self._names[part.lower()])
            if info.file_size > min(largest, LARGEST_RATIO * info.compress_size + LARGEST_SMALL_PART):
                raise BadWorkbook("too_large")
            return self._archive.open(info)
        except (RuntimeError, *_BROKEN) as error:
            raise BadWorkbook("damaged") from error

    def _parsed(self, part: str, handler: Handler) -> Iterator[Any]:
        """What the handler finds in a part, while it is being read."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = partial(handler.begin, parser)
        try:
            with self._open(part) as file:
                while chunk := file.read(CHUNK):
                    parser.Parse(chunk, False)
                    yield from handler.found
                    handler.found.clear()
            parser.Parse(b"", True)
        except _BROKEN as error:
            raise BadWorkbook("damaged") from error
