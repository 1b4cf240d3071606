"""Queries that are composed once: on what every page asks, Django's composing takes ten times as long as the asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Value


@dataclass(frozen=True)
class Place:
    """Stands among the parameters where a value comes."""

    position: int


@dataclass(frozen=True)
class Composed:
    sql: str
    parameters: tuple[Any, ...]
    converters: list[tuple[int, list[Any], Any]]


class Prepared:
    """`compose` makes the query, a `values_list`, from as many values as it takes.

    members = Prepared(lambda team: User.objects.filter(team=team).values_list("pk"))
    members.rows(team.pk)
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, Any]]) -> None:
        self._compose = compose
        self._composed: dict[str, Composed] = {}

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """What the query finds for these values, which are as the database takes them: numbers and texts."""
        composed = self._composed.get(connection.vendor)
        if composed is None:
            composed = self._composed[connection.vendor] = self._prepare()
        given = [values[one.position] if isinstance(one, Place) else one for one in composed.parameters]
        with connection.cursor() as cursor:
            cursor.execute(composed.sql, given)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, composed.converters) for row in found] if composed.converters else found

    def _prepare(self) -> Composed:
        count = len(signature(self._compose).parameters)
        query = self._compose(*(Value(Place(position)) for position in range(count))).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        converters = compiler.get_converters(expression for expression, _sql, _alias in compiler.select)
        return Composed(
            sql, tuple(parameters), [(position, *found) for position, found in converters.items()]
        )


def _converted(row: tuple[Any, ...], converters: list[tuple[int, list[Any], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for position, steps, expression in converters:
        for step in steps:
            values[position] = step(values[position], expression, connection)
    return tuple(values)
