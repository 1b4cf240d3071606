"""From cells to values: a function for each column, made once for a file, that reads each different text once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kariz.accounts import company, locale
from kariz.core import choices, picklists, sql
from kariz.core.fieldtypes import FieldError
from kariz.features.transfer.joining import in_order
from kariz.features.transfer.outcomes import Problem, Row, problem
from kariz.features.transfer.resolving import split
from kariz.features.transfer.sources import Unread
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType
    from kariz.features.transfer.plans import Step

MOST_KEPT = 20_000

NOTHING = object()
"""What an empty cell stands for: nothing is said, and what is there or is usual stays."""


class Column(dict[str, Any]):
    """Text → value, `NOTHING` or `Problem`. Texts that come again cost a look; the memory does not grow with the file.

    `known` is what the plan says that a text stands for; an empty text says that the field is to be empty.
    """

    def __init__(
        self, field: Field, known: Mapping[str, str], read: Callable[[str], Any], empty: Any = NOTHING
    ) -> None:
        super().__init__()
        self.field = field
        self.empty = empty
        self.known = {fold(text): meant for text, meant in known.items()}
        self.read = read

    def __missing__(self, text: str) -> Any:
        if len(self) >= MOST_KEPT:
            self.clear()
        value = self[text] = self._value(text)
        return value

    def _value(self, text: str) -> Any:
        meant = text.strip()
        if not meant:
            return self.empty
        if self.known:
            said = self.known.get(fold(meant))
            if said == "":
                return self.field.type.empty
            meant = said or meant
        try:
            value = self.read(meant)
        except FieldError as error:
            return problem(self.field.label, str(error), meant)
        return self.empty if self.field.type.is_empty(value) else value


class Mapper:
    """Reads the rows of one file as its step says.

    Columns of names of other records keep their texts, for these are looked up in sets; `raw` are the plain columns
    before their texts are parsed.
    """

    def __init__(self, record_type: RecordType, step: Step, header: Sequence[str]) -> None:
        self.record_type = record_type
        self.step = step
        self.reader: Locale = locale.active()
        fields = record_type.all_fields
        placed = [
            (n, step.columns[title]) for n, title in enumerate(header) if step.columns.get(title) in fields
        ]
        self.plain = [(n, name, self._column(fields[name])) for n, name in placed if not fields[name].target]
        self.joined = self._joined(header)
        self.named = [(n, name, self._column(fields[name])) for n, name in placed if fields[name].target]
        self.raw = [
            (n, name, Column(column.field, step.values.get(name, {}), str)) for n, name, column in self.plain
        ]
        self.defaults = {name: self._column(fields[name])[str(text)] for name, text in step.defaults.items()}

    def _joined(self, header: Sequence[str]) -> list[tuple[list[int], str]]:
        """The columns of fields that several are mapped to, in the order in which their texts stand."""
        held: dict[str, list[int]] = {}
        for index, name, _column in self.plain:
            held.setdefault(name, []).append(index)
        return [(in_order(header, indexes), name) for name, indexes in held.items() if len(indexes) > 1]

    def _column(self, field: Field) -> Column:
        known = self.step.values.get(field.name, {})
        if field.target:
            return Column(field, known, str)
        if field.name in self.step.create:
            return Column(field, known, lambda text: self._choice(field, text))
        empty = field.parse(None, self.reader) if self.step.exact else NOTHING
        return Column(field, known, lambda text: field.parse(text, self.reader), empty)

    def read(self, cells: list[str]) -> Row:
        row = Row(cells)
        if type(cells) is Unread:
            row.fail(problem("", cells.reason))
        else:
            self._read_plain(row)
            self._join(row)
            self._read_named(row)
        return row

    def _read_plain(self, row: Row) -> None:
        cells, values = row.cells, row.values
        for index, name, column in self.plain:
            value = column[cells[index]]
            if value is NOTHING:
                continue
            if type(value) is Problem:
                row.fail(value)
            else:
                values[name] = list(value) if type(value) is list else value

    def _join(self, row: Row) -> None:
        fields = self.record_type.all_fields
        for indexes, name in self.joined:
            texts = [text for index in indexes if (text := row.cells[index].strip())]
            if not texts:
                continue
            try:
                row.values[name] = fields[name].parse(" ".join(texts), self.reader)
            except FieldError as error:
                row.fail(problem(fields[name].label, str(error), " ".join(texts)))

    def _read_named(self, row: Row) -> None:
        for index, name, column in self.named:
            text = column[row.cells[index]]
            if text is NOTHING:
                continue
            if not text:
                row.values[name] = text
            elif self._is_linked_last(column.field):
                row.own[name] = text
            else:
                row.links[name] = text

    def _is_linked_last(self, field: Field) -> bool:
        """Whether the record that is named may stand further down, or in a later file."""
        return field.target == self.record_type.name or (self.step.exact and field.target != "user")

    def texts(self, cells: Sequence[str], name: str) -> list[str]:
        """What a row says of a field, its values mapped."""
        found = (column[cells[n]] for n, field, column in (*self.plain, *self.named) if field == name)
        return [text for text in found if isinstance(text, str)]

    def forget(self) -> None:
        """Read again what a transaction that was rolled back may have made."""
        for _index, name, column in self.plain:
            if name in self.step.create:
                column.clear()

    def _choice(self, field: Field, text: str) -> Any:
        """The key of the choice, made where there is none; two imports that need the same one make it once."""
        for part in split(field, text):
            if choices.named(field.record_type, field.name, part) is None:
                sql.hold(f"choices of {field.record_type}.{field.name}")
                company.forget()
                if choices.named(field.record_type, field.name, part) is None:
                    picklists.add_choice(self.record_type, field.name, label=part)
        return field.parse(text, self.reader)
