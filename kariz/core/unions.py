"""Several queries in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet


def together(querysets: dict[str, QuerySet[Any]]) -> dict[str, list[Any]]:
    """What each queryset of values gives, as light records, in any order. All ask for the same columns.

    For the first rows of every group, a window over all rows would read them all; each of these, with its limit,
    reads only what an index serves first.
    """
    parts: list[str] = []
    parameters: list[Any] = []
    compilers: dict[str, Any] = {}
    for key, queryset in querysets.items():
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            continue
        number = len(compilers)
        parts.append(f"SELECT *, {number} AS part_number FROM ({sql}) AS part_{number}")  # noqa: S608  compiled SQL
        parameters += values
        compilers[key] = compiler
    found: dict[str, list[Any]] = {key: [] for key in querysets}
    if compilers:
        keys, first = list(compilers), next(iter(compilers.values()))
        for *row, number in _rows(first, " UNION ALL ".join(parts), parameters):
            named = dict(zip(first.query.values_select, row, strict=True))
            found[keys[number]].append(SimpleNamespace(**named))
    return found


def _rows(compiler: Any, sql: str, parameters: list[Any]) -> Iterable[list[Any]]:
    """Rows whose values are converted as those of the compiler's own query; what stands after them stays as it is."""
    with compiler.connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: Iterable[list[Any]] = compiler.results_iter([cursor.fetchall()])
        return rows
