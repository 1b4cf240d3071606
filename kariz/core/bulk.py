"""Rows into a table without what the ORM does for each single value: imports live on it.

On PostgreSQL many rows are copied in, while they are still being made: the server works beside this process.
SQLite gets one statement, prepared once.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, cached_property, partial
from itertools import chain, islice
from operator import attrgetter, itemgetter
from types import NoneType
from typing import Any

from django.db import connection, models

MANY = 100  # below it one plain statement is fewer
AT_ONCE = 1_000  # rows of one SQLite statement
NOTHING: dict[Any, str] = {"": "''", None: "NULL", 0: "0"}
_SAME: frozenset[type] = frozenset({NoneType})
_EVERYWHERE: dict[type[models.Field[Any, Any]], frozenset[type]] = {
    models.CharField: _SAME | {str},
    models.TextField: _SAME | {str},
    models.BooleanField: _SAME | {bool},
    models.IntegerField: _SAME | {int},
    models.FloatField: _SAME | {float},
    models.ForeignKey: _SAME | {int},
}
_ON_POSTGRESQL: dict[type[models.Field[Any, Any]], frozenset[type]] = {
    models.DateTimeField: _SAME | {datetime},
    models.DateField: _SAME | {date},
    models.DecimalField: _SAME | {Decimal},
}


@dataclass(frozen=True)
class Column:
    """A value whose type is among `plain` goes to the database as it is, any other one through `adapt`."""

    field: models.Field[Any, Any]
    plain: frozenset[type]

    @cached_property
    def is_set_on_save(self) -> bool:
        """Whether the value is made when the record is saved, such as the moment of the last change."""
        if isinstance(self.field, models.DateField):
            return self.field.auto_now or self.field.auto_now_add
        return type(self.field).pre_save is not models.Field.pre_save

    @property
    def name(self) -> str:
        return connection.ops.quote_name(self.field.column or self.field.name)

    @property
    def adapt(self) -> Callable[[Any], Any]:
        if isinstance(self.field, models.JSONField):
            return partial(json.dumps, cls=self.field.encoder)
        if isinstance(self.field, models.DateTimeField) and connection.vendor == "sqlite":
            return _moment
        return self._as_django_does

    def _as_django_does(self, value: Any) -> Any:
        return self.field.get_db_prep_save(value, connection)


def _moment(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


def columns_of(model: type[models.Model]) -> tuple[Column, ...]:
    return _columns_of(model, connection.vendor)


@cache
def _columns_of(model: type[models.Model], vendor: str) -> tuple[Column, ...]:
    kinds = _EVERYWHERE if vendor == "sqlite" else {**_ON_POSTGRESQL, **_EVERYWHERE}
    return tuple(
        Column(field, next((plain for kind, plain in kinds.items() if isinstance(field, kind)), _SAME))
        for field in model._meta.concrete_fields
        if not field.generated
    )


class Reader:
    """Reads the same attributes of many records: from where they are kept, past Django's descriptors of links."""

    def __init__(self, *names: str) -> None:
        self._kept, self._asked = itemgetter(*names), attrgetter(*names)

    def __call__(self, record: Any) -> tuple[Any, ...]:
        try:
            found: tuple[Any, ...] = self._kept(record.__dict__)
        except KeyError:  # what has not been loaded yet
            found = self._asked(record)
        return found


@contextmanager
def without_collector() -> Iterator[None]:
    """Make objects by the ten thousand without Python looking, again and again, which of all objects are garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def create(model: type[models.Model], created: Sequence[Any]) -> None:
    """Insert new records and give them their ids, like `bulk_create`; one statement for a few, two for many."""
    columns = columns_of(model)
    set_on_save = [column.field for column in columns if column.is_set_on_save]
    for record in created:
        for field in set_on_save:
            field.pre_save(record, add=True)
    unnumbered = [record for record in created if record.pk is None]
    if len(unnumbered) == len(created) < MANY:
        columns = tuple(column for column in columns if not column.field.primary_key)
        made = _insert_few(model, columns, map(_reader(columns), created), " RETURNING id")
        for record, (pk,) in zip(created, made, strict=True):
            record.pk = pk
    else:
        for record, pk in zip(unnumbered, _next_ids(model, len(unnumbered)), strict=True):
            record.pk = pk
        _insert(model, columns, map(_reader(columns), created))
    for record in created:
        record._state.adding = False
        record._state.db = connection.alias


@cache
def _reader(columns: Sequence[Column]) -> Reader:
    return Reader(*(column.field.attname for column in columns))


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values for the columns `names`, all others having a default in the database or none at all."""
    every = {column.field.attname: column for column in columns_of(model)}
    columns = [every[name] for name in names]
    left = iter(rows)
    first = list(islice(left, MANY))
    if len(first) == MANY:
        insert_many = _insert_from_json if connection.vendor == "sqlite" else _insert
        insert_many(model, columns, chain(first, left))
    elif first:
        _insert_few(model, columns, first)


def update(model: type[models.Model], names: Sequence[str], changed: Sequence[Any]) -> None:
    """Write the columns `names` of records that are there."""
    every = {column.field.name: column for column in columns_of(model)}
    columns = [*(every[name] for name in names), every["id"]]
    read = Reader(*(column.field.attname for column in columns))
    table = connection.ops.quote_name(model._meta.db_table)
    rows = _adapted(columns, map(read, changed))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cast = ", ".join(f"%s::{column.field.db_type(connection)}[]" for column in columns)
            set_to = ", ".join(f"{column.name} = given.{column.name}" for column in columns[:-1])
            given = ", ".join(column.name for column in columns)
            cursor.execute(
                f"UPDATE {table} SET {set_to} FROM unnest({cast}) AS given({given}) WHERE {table}.id = given.id",  # noqa: S608
                [list(values) for values in zip(*rows, strict=True)],
            )
        else:
            set_to = ", ".join(f"{column.name} = %s" for column in columns[:-1])
            cursor.executemany(f"UPDATE {table} SET {set_to} WHERE id = %s", rows)  # noqa: S608  names of columns


def _insert(model: type[models.Model], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(column.name for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in _adapted(columns, rows):
                    copy.write_row(row)
        else:
            places, varying, rows = _places(columns, rows)
            statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join(places)})"  # noqa: S608  as above
            cursor.executemany(statement, _adapted(varying, rows))


def _places(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> tuple[list[str], list[Column], Iterable[Sequence[Any]]]:
    """SQLite: what stands in the statement for each column, and the columns and values that are bound row by row.

    In most columns of a wide table all new records hold nothing: that is written once, into the statement.
    """
    places: list[str] = []
    varying: list[Column] = []
    values: list[tuple[Any, ...]] = []
    for column, held in zip(columns, zip(*rows, strict=True), strict=True):
        first = held[0]
        is_plain = type(first) in column.plain and first in NOTHING
        if is_plain and held.count(first) == len(held):
            places.append(NOTHING[first])
        else:
            places.append("%s")
            varying.append(column)
            values.append(held)
    return places, varying, zip(*values, strict=True)


def _insert_from_json(
    model: type[models.Model], columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> None:
    """SQLite: a thousand rows in one statement, and so one savepoint of the full-text table instead of a thousand.

    A wide table has nothing of it: each value is looked for from the row's beginning.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(column.name for column in columns)
    values = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(columns)))
    statement = f"INSERT INTO {table} ({names}) SELECT {values} FROM json_each(%s)"  # noqa: S608  names of columns
    adapted = _adapted(columns, rows)
    with connection.cursor() as cursor:
        while some := list(islice(adapted, AT_ONCE)):
            cursor.execute(statement, [json.dumps(some, ensure_ascii=False)])


def _insert_few(
    model: type[models.Model], columns: Sequence[Column], rows: Iterable[Sequence[Any]], returning: str = ""
) -> list[Any]:
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(column.name for column in columns)
    adapted = list(_adapted(columns, rows))
    places = ", ".join(["({})".format(", ".join(["%s"] * len(columns)))] * len(adapted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES {places}{returning}",  # noqa: S608  names of columns
            list(chain.from_iterable(adapted)),
        )
        return cursor.fetchall() if returning else []


def _adapted(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Any:
    steps: list[tuple[frozenset[type], Callable[[Any], Any]]] = [(one.plain, one.adapt) for one in columns]
    for row in rows:
        yield tuple(
            [
                value if type(value) in plain else adapt(value)
                for value, (plain, adapt) in zip(row, steps, strict=True)
            ]
        )


def _next_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids that no other row gets: this transaction holds SQLite's only write lock; PostgreSQL's sequence is asked."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sequence, [connection.ops.quote_name(table), count])
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        [last] = cursor.fetchone() or [0]
        return list(range(last + 1, last + 1 + count))
