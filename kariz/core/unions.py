"""Several queries in one statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL


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


EACH = "each_owner_id"
"""Stands in a statement where the id of each owner comes."""


def merged(queryset: QuerySet[Any], owners: Collection[int], ids: Collection[int], order: str) -> RawSQL:
    """The ids of the rows of `queryset` that have one of these owners or ids, to be cut short by `order` and its LIMIT.

    Each owner's rows come from an index on (owner, sort) and SQLite merges them as they come, so that about as many are
    read as are wanted. Of an `IN` it would read all rows of all owners.
    `order` names the columns by their number: 1 is the id, 2 is `page_key`. Raises `EmptyResultSet`.
    """
    sql, values = _keyed(queryset.filter(owner_id=RawSQL(EACH, ())))  # noqa: S611  constant
    parts = [sql.replace(EACH, str(int(owner))) for owner in owners]
    parameters = [*values] * len(owners)
    if ids:
        others = queryset.filter(Q(owner_id=None) | ~Q(owner_id__in=owners), pk__in=ids)
        sql, values = _keyed(others)
        parts.append(sql)
        parameters += values
    union = " UNION ALL ".join(parts)
    return RawSQL(f"SELECT pk FROM ({union} ORDER BY {order}) AS merged", parameters)  # noqa: S608, S611  compiled SQL


def _keyed(queryset: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    compiler = queryset.order_by().values("pk", "page_key").query.get_compiler(queryset.db)
    found: tuple[str, tuple[Any, ...]] = compiler.as_sql()
    return found
