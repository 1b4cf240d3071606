"""A sample company made many times as large by SQL: `python -m bench.growing 10`.

Each copy of a record has its own history, links and search row, and the owner of the original.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import product

import django
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

KEPT = {"products.Product", "products.Service"}  # what a larger company has no more of
Spans = dict[type[models.Model], int]
PAIRS = {"record_id": "record_type", "target_id": "target_type"}
# The copies refer to what the originals refer to: nothing is checked row by row. A copy that fails is thrown away.
SETTINGS = {
    "postgresql": ["SET session_replication_role = replica"],
    "sqlite": [
        "PRAGMA foreign_keys = OFF",
        "PRAGMA journal_mode = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA cache_size = -1000000",
    ],
}


def grow(times: int) -> None:
    """Make every record `times` as many. A copy's links lead to the copies of what the original links to."""
    spans = {model: _highest(model) for model in copied()}
    with connection.cursor() as cursor:
        for setting in SETTINGS[connection.vendor]:
            cursor.execute(setting)
    with transaction.atomic(), connection.cursor() as cursor:
        for model, number in product(spans, range(1, times)):
            cursor.execute(_statement(model, spans, number))
        numbered = [model for model, span in spans.items() if span]
        for statement in connection.ops.sequence_reset_sql(no_style(), numbered):
            cursor.execute(statement)


def copied() -> Iterator[type[models.Model]]:
    """The record types, and what stands beside a record by its type and id."""
    for model in apps.get_models():
        names = {column.name for column in model._meta.concrete_fields}
        is_record = "sort_name" in names and model._meta.label not in KEPT
        if is_record or (names >= {"record_type", "record_id"} and "user" not in names):
            yield model


def _highest(model: type[models.Model]) -> int:
    """The highest id; a table whose key is made of what it points at has none."""
    if isinstance(model._meta.pk, models.CompositePrimaryKey):
        return 0
    return model._default_manager.aggregate(highest=models.Max("pk"))["highest"] or 0


def _statement(model: type[models.Model], spans: Spans, number: int) -> str:
    columns = [column for column in model._meta.concrete_fields if column.column]
    names = ", ".join(f'"{column.column}"' for column in columns)
    values = ", ".join(_copy(column, spans, number) for column in columns)
    original = [f"id <= {spans[model]}"] if spans[model] else []
    if "record_type" in {column.name for column in columns}:
        original.append(f"record_id <= {_by_type('record_type', spans)}")
    return (
        f"INSERT INTO {model._meta.db_table} ({names})"
        f" SELECT {values} FROM {model._meta.db_table} WHERE {' AND '.join(original)}"
    )


def _copy(column: models.Field[object, object], spans: Spans, number: int) -> str:
    """The column as the copy of that number has it."""
    name = f'"{column.column}"'
    if column.primary_key:
        return f"{name} + {number * spans[column.model]}"
    if column.related_model in spans:
        return f"{name} + {number * spans[column.related_model]}"
    if column.name in PAIRS:
        return f"{name} + {number} * {_by_type(PAIRS[column.name], spans)}"
    return name


def _by_type(column: str, spans: Spans) -> str:
    """The span of the record type that `column` names."""
    from kariz.core import registry

    names = {record_type.model: record_type.name for record_type in registry.every()}
    cases = " ".join(f"WHEN '{names[model]}' THEN {span}" for model, span in spans.items() if model in names)
    return f"CASE {column} {cases} ELSE 0 END"


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "kariz.config.settings"
    django.setup()
    grow(int(sys.argv[1]))
