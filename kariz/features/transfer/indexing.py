"""Indexes for the keys by which rows are recognised, made when the first large import asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Index

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

MANY = 10_000


def ensure(record_type: RecordType, field: Field, row_count: int) -> None:
    """Make the index unless there is one, or so few rows on both sides that it would not help."""
    is_large = row_count > MANY or record_type.model.objects.order_by("pk")[MANY : MANY + 1].exists()
    if not is_large or field.is_indexed or _leads_an_index(record_type, field):
        return
    name = f"match_{record_type.name}_{field.name}"[:30]
    table = record_type.model._meta.db_table
    with connection.cursor() as cursor:
        if name not in connection.introspection.get_constraints(cursor, table):
            cursor.execute(_statement(record_type, Index(field.expression, name=name)))


def _leads_an_index(record_type: RecordType, field: Field) -> bool:
    indexes = record_type.model._meta.indexes
    return any(index.fields[:1] == [field.name] and index.condition is None for index in indexes)


def _statement(record_type: RecordType, index: Index) -> str:
    # On PostgreSQL without blocking writers, which a transaction, as in tests, does not allow.
    is_apart = connection.vendor == "postgresql" and not connection.in_atomic_block
    options: dict[str, Any] = {"concurrently": True} if is_apart else {}
    return str(index.create_sql(record_type.model, connection.schema_editor(), **options))
