"""XLSX: texts, numbers and days in the cells of a workbook that is kept on disk while it grows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from kariz.core import registry
from kariz.features.export import forms
from kariz.features.export.formats.table import cells
from kariz.lib.spreadsheet import defuse

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from kariz.core.fields import Field
    from kariz.features.export.formats.table import Table
    from kariz.features.export.forms import Cell
    from kariz.features.export.rows import Chunk

MOST_ROWS = 1_048_576  # of a sheet, the titles included
BLOCK = 1 << 18
NARROW, WIDE = 14, 30
LONGEST_NAME = 25
FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
# How a spreadsheet is told to show digits as they are written in Persian, and in which order the parts of a day stand.
PERSIAN_DIGITS = "[$-3000429]"
DAYS = {"tr": "dd.mm.yyyy"}
DAY = "yyyy-mm-dd"


class Sheets:
    def __init__(self, table: Table) -> None:
        self.table = table
        form = forms.form_of(table.order.form, table.reader)
        self.is_plain = table.order.form == "iso"
        self.titles = form.titles(table.fields)
        self.columns = [(field.name, form.cell(field)) for field in table.fields]
        self.folder = TemporaryDirectory(prefix="kariz-")
        self.file = TemporaryFile()  # noqa: SIM115  closed by `end`
        self.book = Workbook(self.file, {"constant_memory": True, "tmpdir": self.folder.name})
        self.looks: dict[str, Format] = {}
        self.numbers = count(1)
        self.sheet, self.row = self._new_sheet(), 1

    def head(self) -> bytes:
        return b""

    def rows(self, chunk: Chunk) -> bytes:
        for record, row in zip(chunk.records, cells(chunk, self.columns, None), strict=True):
            if self.row == MOST_ROWS:
                self._finish()
                self.sheet, self.row = self._new_sheet(), 1
            for number, value in enumerate(row):
                if value not in (None, ""):
                    self._write(number, value, record)
            self.row += 1
        return b""

    def end(self) -> Iterator[bytes]:
        with self.folder, self.file:
            self._finish()
            self.book.close()
            self.file.seek(0)
            while block := self.file.read(BLOCK):
                yield block

    def _write(self, number: int, value: Cell, record: Any) -> None:
        if isinstance(value, str):
            self.sheet.write_string(self.row, number, defuse(value))
            return
        look = self._look(self._pattern(self.table.fields[number], value, record))
        if isinstance(value, date):
            self.sheet.write_datetime(self.row, number, value, look)
        else:
            self.sheet.write_number(self.row, number, float(value or 0), look)

    def _pattern(self, field: Field, value: Cell, record: Any) -> str:
        """How the cell is to show its value. Amounts are in the currency itself, never in tomans, to be summed."""
        reader = self.table.reader
        if isinstance(value, date):
            return DAYS.get(reader.language, DAY) + (" hh:mm" if isinstance(value, datetime) else "")
        if self.is_plain:
            return ""
        digits = PERSIAN_DIGITS if reader.digits == "persian" else ""
        is_whole = isinstance(value, Decimal) and value == value.to_integral_value()
        pattern = digits + ("#,##0" if is_whole else "#,##0.####")
        if field.type.name == "money":
            return f'{pattern} "{getattr(record, "currency", "") or reader.currency}"'
        return pattern + '"%"' if field.type.name == "percent" else pattern

    def _look(self, pattern: str) -> Format | None:
        if not pattern:
            return None
        if pattern not in self.looks:
            self.looks[pattern] = self.book.add_format({"num_format": pattern})
        return self.looks[pattern]

    def _new_sheet(self) -> Worksheet:
        number = next(self.numbers)
        name = str(registry.get(self.table.order.record_type).plural).translate(FORBIDDEN)[:LONGEST_NAME]
        sheet = self.book.add_worksheet(name if number == 1 else f"{name} {number}")
        if self.table.reader.is_rtl and not self.is_plain:
            sheet.right_to_left()
        sheet.freeze_panes(1, 1)
        for column, field in enumerate(self.table.fields):
            sheet.set_column(column, column, NARROW if field.type.is_number else WIDE)
        bold = self.book.add_format({"bold": True}) if number == 1 else self.looks["bold"]
        self.looks["bold"] = bold
        for column, title in enumerate(self.titles):
            sheet.write_string(0, column, defuse(title), bold)
        return sheet

    def _finish(self) -> None:
        """What is known of a sheet when its last row is."""
        if self.titles:
            self.sheet.autofilter(0, 0, self.row - 1, len(self.titles) - 1)
