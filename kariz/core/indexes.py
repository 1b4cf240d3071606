"""Expression indexes on custom fields: made by a job when a field is marked, remade after migrations."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import F, Index

from kariz import jobs
from kariz.core import fields, registry
from kariz.core.models import FieldSetting

# An index whose building was interrupted has its name but serves nobody.
VALID = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass AND indisvalid"


def index_of(setting: FieldSetting) -> Index:
    """(value, id) with empty values lowest: one index serves both directions and the filter."""
    value = fields.from_setting(setting).expression
    # SQLite sorts NULL lowest by itself and refuses the words in an index.
    lowest = value.asc(nulls_first=True) if connection.vendor == "postgresql" else value.asc()
    return Index(lowest, F("id").asc(), name=f"custom_{setting.pk}")


def make(setting: FieldSetting) -> None:
    """Build the index of a custom field, on PostgreSQL without blocking writers. Does nothing where it stands."""
    if not is_standing(setting):
        drop(setting)
        model = registry.get(setting.record_type).model
        options: dict[str, Any] = {"concurrently": True} if _concurrently() else {}
        _execute(str(index_of(setting).create_sql(model, connection.schema_editor(), **options)))


def drop(setting: FieldSetting) -> None:
    _execute(f"DROP INDEX {_concurrently()} IF EXISTS custom_{setting.pk}")


def _concurrently() -> str:
    is_possible = connection.vendor == "postgresql" and not connection.in_atomic_block
    return "CONCURRENTLY" if is_possible else ""


def _execute(statement: str) -> None:
    # Not by a schema editor: SQLite's refuses to work inside a transaction, though only for remaking tables' sake.
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()  # PostgreSQL refuses while a check waits for the end of the transaction
    with connection.cursor() as cursor:
        cursor.execute(statement)


def is_standing(setting: FieldSetting) -> bool:
    table = registry.get(setting.record_type).model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(VALID, [table])
            return (f"custom_{setting.pk}",) in cursor.fetchall()
        return f"custom_{setting.pk}" in connection.introspection.get_constraints(cursor, table)


def missing() -> list[FieldSetting]:
    """The indexed custom fields whose index is not there (SQLite remakes tables without them)."""
    known = [record_type.name for record_type in registry.every()]
    settings = FieldSetting.objects.filter(is_indexed=True, record_type__in=known).exclude(type="")
    return [setting for setting in settings if not is_standing(setting)]


@jobs.task("index_field")
def index_field(job: Any, setting: int) -> None:
    """Build the index of a custom field that has been marked, take that of an unmarked one away."""
    found = FieldSetting.objects.get(pk=setting)
    if found.is_indexed:
        make(found)
    else:
        drop(found)


def remake_missing(**_: Any) -> None:
    for setting in missing():
        make(setting)
