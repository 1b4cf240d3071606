"""The database at one moment, read while everybody goes on writing: one transaction of its own connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol

from django.db import connection

from kariz.features.backups import rows
from kariz.features.backups.rows import Column, Table

AT_ONCE = 2_000  # rows


class Snapshot(Protocol):
    def count(self, table: Table) -> int: ...

    def lines(self, table: Table) -> Iterator[bytes]:
        """The rows by key, as chunks of whole lines."""
        ...

    def last_number(self, table: Table) -> int | None:
        """The last number that the table's sequence gave; None where it has none."""
        ...


@contextmanager
def taken() -> Iterator[Snapshot]:
    """The database as it is committed now."""
    yield from _postgres() if connection.vendor == "postgresql" else _sqlite()


@contextmanager
def reading() -> Iterator[Snapshot]:
    """The database as the default connection sees it, in its transaction on PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            _spell(cursor)
            yield _PostgreSQL(cursor)
    else:
        yield from _sqlite()


def _sqlite() -> Iterator[Snapshot]:
    # Not Django's connection: values are wanted as they are kept, and its transactions take the write lock.
    own = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=20)
    try:
        own.execute("BEGIN")
        yield _SQLite(own)
    finally:
        own.close()


def _postgres() -> Iterator[Snapshot]:
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            _spell(cursor)
            yield _PostgreSQL(cursor)
    finally:
        own.close()


def _spell(cursor: Any) -> None:
    """Have values written in the one way that `rows` describes."""
    for setting in (
        "TimeZone = 'UTC'",
        "DateStyle = 'ISO'",
        "extra_float_digits = 1",
        "bytea_output = 'hex'",
    ):
        cursor.execute(f"SET LOCAL {setting}")


def _quoted(*names: str) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


class _SQLite:
    def __init__(self, own: sqlite3.Connection) -> None:
        self.own = own

    def count(self, table: Table) -> int:
        count: int = self.own.execute(f"SELECT count(*) FROM {_quoted(table.name)}").fetchone()[0]  # noqa: S608
        return count

    def lines(self, table: Table) -> Iterator[bytes]:
        line = rows.writer(table.columns)
        names = _quoted(*(column.name for column in table.columns))
        found = self.own.execute(
            f"SELECT {names} FROM {_quoted(table.name)} ORDER BY {_quoted(*table.key)}"  # noqa: S608  names of ours
        )
        while chunk := found.fetchmany(AT_ONCE):
            yield "".join([line(row) for row in chunk]).encode()

    def last_number(self, table: Table) -> int | None:
        found = self.own.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table.name]).fetchone()
        return found[0] or None if found else None


class _PostgreSQL:
    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def count(self, table: Table) -> int:
        self.cursor.execute(f"SELECT count(*) FROM {_quoted(table.name)}")  # noqa: S608  names of ours
        count: int = self.cursor.fetchone()[0]
        return count

    def lines(self, table: Table) -> Iterator[bytes]:
        names = ", ".join(map(_selected, table.columns))
        order = ", ".join(
            f'{_quoted(name)} COLLATE "C"' if table.kind(name) == "text" else _quoted(name)
            for name in table.key
        )
        wanted = f"SELECT {names} FROM {_quoted(table.name)} ORDER BY {order}"  # noqa: S608  names of ours
        with self.cursor.copy(f"COPY ({wanted}) TO STDOUT") as copied:
            received = iter(copied)
            while chunk := b"".join(bytes(row) for row in islice(received, AT_ONCE)):
                yield chunk

    def last_number(self, table: Table) -> int | None:
        if len(table.key) > 1 or table.kind(table.key[0]) != "integer":
            return None
        self.cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [_quoted(table.name), table.key[0]])
        (sequence,) = self.cursor.fetchone()
        if not sequence:
            return None
        # Numbers may have been given by hand too.
        last = f"(SELECT CASE WHEN is_called THEN last_value END FROM {sequence})"  # noqa: S608  its own word
        highest = f"(SELECT max({_quoted(table.key[0])}) FROM {_quoted(table.name)})"  # noqa: S608  names of ours
        self.cursor.execute(f"SELECT GREATEST({last}, {highest})")
        number: int | None = self.cursor.fetchone()[0]
        return number


def _selected(column: Column) -> str:
    name = _quoted(column.name)
    if column.kind == "duration":
        return f"(extract(epoch FROM {name}) * 1000000)::bigint || ' microseconds'"
    return name
