"""CSV: a line of titles, then a line for each record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kariz.features.export import forms
from kariz.features.export.formats.table import cells
from kariz.features.export.orders import DELIMITERS
from kariz.lib.spreadsheet import defuse

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.features.export.formats.table import Read, Table
    from kariz.features.export.forms import Form
    from kariz.features.export.rows import Chunk

BOM = "\ufeff"


class Delimited:
    def __init__(self, table: Table) -> None:
        form = forms.form_of(table.order.form, table.reader)
        self.titles = form.titles(table.fields)
        self.columns = [(field.name, _harmless(field, form)) for field in table.fields]
        self.delimiter = DELIMITERS[table.order.delimiter]
        self.mark = BOM if table.order.with_bom else ""

    def head(self) -> bytes:
        return (self.mark + self._lines([map(defuse, self.titles)])).encode()

    def rows(self, chunk: Chunk) -> bytes:
        return self._lines(cells(chunk, self.columns, "")).encode()

    def end(self) -> Iterator[bytes]:
        return iter(())

    def _lines(self, rows: Iterable[Iterable[str]]) -> str:
        text = io.StringIO()
        # All in quotation marks: nobody can then take an apostrophe for one, or miss the delimiter.
        csv.writer(text, delimiter=self.delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
        return text.getvalue()


def _harmless(field: Field, form: Form) -> Read[str]:
    """The text of a field, such that no spreadsheet computes it. The sign of a number does no harm."""
    text = form.text(field)
    return text if field.type.is_number else lambda record, names: defuse(text(record, names))
