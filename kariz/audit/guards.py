"""Triggers by which the database itself refuses to change or delete entries.

They are made after every migration, because SQLite loses them where a migration remakes the table. A transaction that
may do it opens the `gate` in the row of the chain, and closes it again before it ends: nobody else ever sees it open.
Somebody who owns the database can drop them; the chain is there for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

KEPT = "The audit log is only ever added to."
# What sealing sets; all else stays as it was written.
LINK = ("number", "previous", "hash")
TABLES = ("audit_entry", "audit_entryrecords", "audit_chain")
NAMES = {
    "audit_entry_fixed",
    "audit_entry_kept",
    "audit_records_fixed",
    "audit_records_kept",
    "audit_chain_kept",
}


def install(**_: Any) -> None:
    """Make the triggers that are not there."""
    with connection.cursor() as cursor:
        if set(TABLES) <= set(connection.introspection.table_names(cursor)):
            for statement in _for_postgresql() if connection.vendor == "postgresql" else _for_sqlite():
                cursor.execute(statement)


def remove() -> None:
    """Take them away, before a database is emptied on purpose."""
    with connection.cursor() as cursor:
        for name, table in _places().items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing() -> set[str]:
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        " AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        return NAMES - {name for (name,) in cursor.fetchall()}


@contextmanager
def opened(gate: str) -> Iterator[None]:
    """Within it, in this transaction, the triggers let through what the gate is for: `cut` or `forget`."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_chain SET gate = %s WHERE id = 1", [gate])
        yield
        cursor.execute("UPDATE audit_chain SET gate = '' WHERE id = 1")


def _places() -> dict[str, str]:
    return {name: name.rpartition("_")[0].replace("records", "entryrecords") for name in NAMES}


def _content() -> list[str]:
    """The columns that nothing but forgetting ever changes."""
    columns = apps.get_model("audit", "Entry")._meta.concrete_fields
    return [connection.ops.quote_name(str(one.column)) for one in columns if one.name not in LINK]


def _for_sqlite() -> list[str]:
    same = " AND ".join(f"OLD.{one} IS NEW.{one}" for one in _content())
    shut = "NOT EXISTS (SELECT 1 FROM audit_chain WHERE gate = '{}')".format
    refusals = {
        "audit_entry_fixed": ("UPDATE", f"{shut('forget')} AND NOT (OLD.number IS NULL AND {same})"),
        "audit_entry_kept": ("DELETE", shut("cut")),
        "audit_records_fixed": ("UPDATE", "1"),
        "audit_records_kept": ("DELETE", shut("cut")),
        "audit_chain_kept": ("DELETE", "1"),
    }
    return [
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {_places()[name]} WHEN {when}"
        f" BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        for name, (event, when) in refusals.items()
    ]


def _for_postgresql() -> list[str]:
    same = " AND ".join(f"OLD.{one} IS NOT DISTINCT FROM NEW.{one}" for one in _content())
    may = "EXISTS (SELECT FROM audit_chain WHERE gate = '{}')".format
    bodies = {
        "kariz_audit_fixed": f"IF {may('forget')} OR (OLD.number IS NULL AND {same}) THEN RETURN NEW; END IF;",
        "kariz_audit_kept": f"IF {may('cut')} THEN RETURN OLD; END IF;",
        "kariz_audit_refuse": "",
    }
    functions = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f"BEGIN {body} RAISE EXCEPTION '{KEPT}'; END$$"
        for name, body in bodies.items()
    ]
    calls = {
        "audit_entry_fixed": ("UPDATE", "kariz_audit_fixed"),
        "audit_entry_kept": ("DELETE", "kariz_audit_kept"),
        "audit_records_fixed": ("UPDATE", "kariz_audit_refuse"),
        "audit_records_kept": ("DELETE", "kariz_audit_kept"),
        "audit_chain_kept": ("DELETE", "kariz_audit_refuse"),
    }
    return functions + [
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {_places()[name]}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        for name, (event, function) in calls.items()
    ]
