"""What a file is made of, and what every writer of a file can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field
    from kariz.core.links import Names
    from kariz.features.export.orders import Order
    from kariz.features.export.rows import Chunk

Value = TypeVar("Value")
Read = Callable[[Any, "Names"], Value]


@dataclass(frozen=True)
class Table:
    """An order with its fields and the person who reads it."""

    order: Order
    fields: Sequence[Field]
    reader: Locale


class Writer(Protocol):
    """Writes a file in parts, in this order. It keeps no record longer than it writes it."""

    def head(self) -> bytes: ...

    def rows(self, chunk: Chunk) -> bytes: ...

    def end(self) -> Iterator[bytes]: ...


def cells(chunk: Chunk, columns: Sequence[tuple[str, Read[Value]]], empty: Value) -> Iterator[list[Value]]:
    """A row of values for each record; fields that may not be read any more are `empty`."""

    def nothing(record: Any, names: Names) -> Value:
        return empty

    reads = [nothing if name in chunk.withheld else read for name, read in columns]
    names = chunk.names
    for record in chunk.records:
        yield [read(record, names) for read in reads]
