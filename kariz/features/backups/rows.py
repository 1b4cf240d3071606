"""Rows as text, the same whatever the database: the lines of PostgreSQL's COPY, with every value in one spelling.

Values are separated by tabs, nothing is a backslash and N, and control characters and backslashes are escaped.
Moments are UTC without superfluous zeros, decimals have all their places: equal rows are equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

NOTHING = "\\N"
LEFT_OUT = {"sessions.Session", "accounts.Session"}  # whoever holds a backup must not be signed in by it

KINDS = {
    "integer": (
        "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField",
        "PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField",
    ),
    "text": ("CharField", "TextField", "SlugField", "FileField", "FilePathField", "GenericIPAddressField"),
    "boolean": ("BooleanField",),
    "decimal": ("DecimalField",),
    "float": ("FloatField",),
    "date": ("DateField",),
    "moment": ("DateTimeField",),
    "time": ("TimeField",),
    "duration": ("DurationField",),
    "json": ("JSONField",),
    "uuid": ("UUIDField",),
    "bytes": ("BinaryField",),
}  # fmt: skip
_KIND_OF = {internal: kind for kind, internals in KINDS.items() for internal in internals}


@dataclass(frozen=True)
class Column:
    """`places` are those of a decimal."""

    name: str
    kind: str
    places: int = 0


@dataclass(frozen=True)
class Table:
    """`key` are the columns in whose order the rows stand."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def kind(self, name: str) -> str:
        return next(column.kind for column in self.columns if column.name == name)


def tables() -> list[Table]:
    """Every table of the program, except those whose rows are no one's to keep."""
    found: dict[str, Table] = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy and not meta.swapped and meta.label not in LEFT_OUT:
            columns = tuple(_column(field) for field in meta.concrete_fields)
            key = tuple(field.attname for field in meta.pk_fields)
            found.setdefault(meta.db_table, Table(meta.db_table, columns, key))
    return sorted(found.values(), key=lambda table: table.name)


def _column(field: Any) -> Column:
    kept: models.Field[Any, Any] = field
    while isinstance(kept, models.ForeignKey):
        kept = kept.target_field
    places = kept.decimal_places if isinstance(kept, models.DecimalField) else 0
    return Column(field.column, _KIND_OF[kept.get_internal_type()], places)


# What COPY escapes, and how.
_ESCAPES = {"\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_ESCAPE = str.maketrans(_ESCAPES)
_SPECIAL = re.compile(r"[\\\x08\f\n\r\t\v]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {escape[1]: character for character, escape in _ESCAPES.items()}


def _text(value: Any) -> str:
    text = str(value)
    return text.translate(_ESCAPE) if _SPECIAL.search(text) else text


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text) if "\\" in text else text


def _shortest(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _whole(text: str) -> str:
    """With all six digits of the second: SQLite compares moments as texts."""
    before, dot, fraction = text.partition(".")
    return f"{before}.{fraction:0<6}" if dot else before


def _float(value: Any) -> str:
    return repr(float(value)).removesuffix(".0")


def _decimal(places: int) -> Callable[[Any], str]:
    return lambda value: value if isinstance(value, str) else f"{value:.{places}f}"


def _uuid(value: str) -> str:
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


# From what SQLite keeps to the text, and back.
_WRITE: dict[str, Callable[[Any], str]] = {
    "integer": str,
    "text": _text,
    "json": _text,
    "boolean": lambda value: "t" if value else "f",
    "float": _float,
    "date": str,
    "moment": lambda value: f"{_shortest(value)}+00",
    "time": _shortest,
    "duration": lambda value: f"{value} microseconds",
    "uuid": _uuid,
    "bytes": lambda value: f"\\\\x{value.hex()}",
}
_READ: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "text": _unescaped,
    "json": _unescaped,
    "boolean": lambda text: 1 if text == "t" else 0,
    "float": float,
    "decimal": str,
    "date": str,
    "moment": lambda text: _whole(text.removesuffix("+00")),
    "time": _whole,
    "duration": lambda text: int(text.removesuffix(" microseconds")),
    "uuid": lambda text: text.replace("-", ""),
    "bytes": lambda text: bytes.fromhex(text[3:]),
}


def writer(columns: Sequence[Column]) -> Callable[[Sequence[Any]], str]:
    """Makes a line, with its end, of the values that SQLite keeps."""
    write = [_decimal(one.places) if one.kind == "decimal" else _WRITE[one.kind] for one in columns]

    def line(values: Sequence[Any]) -> str:
        pairs = zip(write, values, strict=True)
        return "\t".join([NOTHING if value is None else to_text(value) for to_text, value in pairs]) + "\n"

    return line


def reader(columns: Sequence[Column]) -> Callable[[str], list[Any]]:
    """Makes the values that SQLite keeps of a line without its end. Raises `ValueError`."""
    read = [_READ[one.kind] for one in columns]

    def values(line: str) -> list[Any]:
        pairs = zip(read, line.split("\t"), strict=True)
        return [None if text == NOTHING else from_text(text) for from_text, text in pairs]

    return values


def lines(chunks: Iterator[bytes]) -> Iterator[str]:
    """The lines in a stream of bytes, without their ends."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode()
