"""Whether the database itself is whole: its pages, its indexes, the numbers that it gives."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.apps import apps
from django.db import connection

from kariz.core import doctor, indexes
from kariz.core.doctor import Finding, Unrepairable

FIRST = 20  # what is told of a broken file

# Those of custom fields are made anew by `missing_indexes`.
INVALID = (
    "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace AND c.relname NOT LIKE 'custom\\_%'"
)


@doctor.look
def database_file() -> Iterator[Finding]:
    if connection.vendor == "sqlite" and (wrong := _wrong_in_file()):
        message = f"The database file is damaged: {wrong[0]}"
        yield Finding("database_file", message, len(wrong), _rebuild_file)


def _wrong_in_file() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA integrity_check({FIRST})")
        return [text for (text,) in cursor.fetchall() if text != "ok"]


def _rebuild_file() -> None:
    """Indexes can be made anew; rows cannot."""
    with connection.cursor() as cursor:
        cursor.execute("REINDEX")
    if wrong := _wrong_in_file():
        raise Unrepairable(f"Rows are damaged ({wrong[0]}): restore a backup.")


@doctor.look
def invalid_indexes() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(INVALID)
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        yield Finding(
            "invalid_index", f"The index {name} is not valid and serves nobody.", 1, partial(_reindex, name)
        )


def _reindex(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"REINDEX INDEX {connection.ops.quote_name(name)}")


@doctor.look
def missing_indexes() -> Iterator[Finding]:
    for setting in indexes.missing():
        message = f"The index of the custom field {setting} is missing."
        yield Finding("missing_index", message, 1, partial(indexes.make, setting))


@doctor.look
def sequences() -> Iterator[Finding]:
    """Numbers that were given already: SQLite looks after them itself."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for sequence in connection.introspection.get_sequences(cursor, model._meta.db_table):
                table, column = (
                    connection.ops.quote_name(sequence["table"]),
                    connection.ops.quote_name(sequence["column"]),
                )
                name = sequence["name"]
                highest = f"(SELECT max({column}) FROM {table})"  # noqa: S608  names of ours
                cursor.execute(f"SELECT {highest} > last_value FROM {connection.ops.quote_name(name)}")  # noqa: S608
                if cursor.fetchone()[0]:
                    message = f"The next number of {table} is taken already."
                    statement = f"SELECT setval('{connection.ops.quote_name(name)}', {highest})"
                    yield Finding("sequence", message, 1, partial(_execute, statement))


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
