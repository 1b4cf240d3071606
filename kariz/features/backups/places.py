"""Where a backup is restored to: beside what is there, which gives way when all is in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.db import DatabaseError, connection, transaction

from kariz.core import fulltext
from kariz.features.backups import rows
from kariz.features.backups.archive import BadBackup
from kariz.features.backups.rows import Table

AT_ONCE = 2_000  # rows
LOCK_WAIT = "10s"


class InUse(Exception):
    """Somebody else is in the database that is to give way."""

    def __init__(self) -> None:
        super().__init__("Kariz is running on this data. Stop it (web server and workers), then restore.")


class Target(Protocol):
    def load(self, table: Table, chunks: Iterator[bytes]) -> None: ...

    def number_on(self, table: Table, last: int) -> None:
        """Go on numbering rows after `last`."""
        ...


def prepared(aside: Path, *, keeps: bool) -> Any:
    """A context in which the default connection is an empty place to restore to.

    On leaving it without an error the place is what Kariz works on; what was there before is in `aside`, a folder (on
    PostgreSQL a schema of the same name), if it `keeps` it.
    """
    return _postgres(aside, keeps=keeps) if connection.vendor == "postgresql" else _sqlite(aside, keeps=keeps)


@contextmanager
def _sqlite(aside: Path, *, keeps: bool) -> Iterator[Target]:
    live = Path(connection.settings_dict["NAME"])
    new = live.with_name(f".{live.name}.restoring")
    _fold(live)
    new.unlink(missing_ok=True)
    connection.close()
    connection.settings_dict["NAME"] = new
    try:
        yield _SQLite()
        connection.close()
        _fold(live)
        _fold(new)
        if keeps and live.exists():
            live.replace(aside / live.name)
        new.replace(live)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = live
        for end in ("", "-wal", "-shm", "-journal"):
            new.with_name(new.name + end).unlink(missing_ok=True)


def _fold(path: Path) -> None:
    """Make a database one file again, which nobody but the last one in it can do. Raises `InUse`."""
    if not path.exists():
        return
    connection.close()
    own = sqlite3.connect(path, isolation_level=None, timeout=1)
    try:
        own.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise InUse from None
    finally:
        own.close()


class _SQLite:
    """Rows go in without their indexes and triggers, which are made when all are there."""

    @contextmanager
    def bare(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            for pragma in ("foreign_keys = OFF", "synchronous = OFF", "temp_store = FILE", "mmap_size = 0"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql > ''"
            )
            made = cursor.fetchall()
            for kind, name, _sql in made:
                cursor.execute(f"DROP {kind} {connection.ops.quote_name(name)}")
        yield
        with connection.cursor() as cursor:
            for _kind, _name, sql in made:
                cursor.execute(sql)
        fulltext.rebuild()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_key_check")
            if wrong := cursor.fetchone():
                raise BadBackup(f"A row of {wrong[0]} names a row of {wrong[2]} that the backup has not.")

    def load(self, table: Table, chunks: Iterator[bytes]) -> None:
        names = ", ".join(connection.ops.quote_name(column.name) for column in table.columns)
        marks = ", ".join("?" * len(table.columns))
        into = connection.ops.quote_name(table.name)
        connection.ensure_connection()
        own = connection.connection
        read = rows.reader(table.columns)
        values = map(read, rows.lines(chunks))
        own.execute("BEGIN")
        own.execute(f"DELETE FROM {into}")  # noqa: S608  a checked name
        while chunk := list(islice(values, AT_ONCE)):
            own.executemany(f"INSERT INTO {into} ({names}) VALUES ({marks})", chunk)  # noqa: S608  checked names
        own.execute("COMMIT")

    def number_on(self, table: Table, last: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])


@contextmanager
def _postgres(aside: Path, *, keeps: bool) -> Iterator[Target]:
    schema = connection.ops.quote_name(aside.name.replace("-", "_"))
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
                cursor.execute(f"CREATE SCHEMA {schema}")
                for kind, name in _ours(cursor):
                    cursor.execute(f"ALTER {kind} {name} SET SCHEMA {schema}")
                cursor.execute("SET LOCAL lock_timeout = 0")
            yield _PostgreSQL()
            if not keeps:
                with connection.cursor() as cursor:
                    cursor.execute(f"DROP SCHEMA {schema} CASCADE")
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == "55P03":  # lock_not_available
            raise InUse from None
        raise


def _tables() -> list[str]:
    """Patterns of the names of Kariz' tables."""
    return [f"{app.label}\\_%" for app in apps.get_app_configs()] + ["django\\_%"]


def _ours(cursor: Any) -> list[tuple[str, str]]:
    """Kariz' tables and functions in the current schema; others may live there too."""
    cursor.execute(
        "SELECT 'TABLE', c.oid::regclass::text FROM pg_class c WHERE c.relkind IN ('r', 'p')"
        " AND c.relnamespace = current_schema()::regnamespace AND c.relname LIKE ANY (%s)"
        " UNION ALL SELECT 'FUNCTION', p.oid::regprocedure::text FROM pg_proc p"
        " WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE %s",
        [_tables(), "kariz\\_%"],
    )
    found: list[tuple[str, str]] = cursor.fetchall()
    return found


class _PostgreSQL:
    @contextmanager
    def bare(self) -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
                " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,"
                " pg_get_constraintdef(k.oid)) FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid"
                " WHERE contype = 'f' AND relnamespace = current_schema()::regnamespace"
                " AND t.relname LIKE ANY (%s)",
                [_tables()],
            )
            pairs = cursor.fetchall()
            cursor.execute(
                "SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)"
                " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
                " WHERE t.relnamespace = current_schema()::regnamespace AND t.relname LIKE ANY (%s)"
                " AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)",
                [_tables()],
            )
            pairs += cursor.fetchall()
            for drop, _make in pairs:
                cursor.execute(drop)
        yield
        with connection.cursor() as cursor:
            for _drop, make in reversed(pairs):  # indexes first: the constraints are checked by them
                cursor.execute(make)

    def load(self, table: Table, chunks: Iterator[bytes]) -> None:
        names = ", ".join(connection.ops.quote_name(column.name) for column in table.columns)
        into = connection.ops.quote_name(table.name)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {into}")  # noqa: S608  a checked name
            with cursor.copy(f"COPY {into} ({names}) FROM STDIN") as copy:
                for chunk in chunks:
                    copy.write(chunk)

    def number_on(self, table: Table, last: int) -> None:
        with connection.cursor() as cursor:
            named = (connection.ops.quote_name(table.name), table.key[0], last)
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", named)
