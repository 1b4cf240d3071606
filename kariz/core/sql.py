"""What both databases are taught so that one query means the same on each."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection, models
from django.db.models import F, Func

from kariz.lib import text

KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")


class Fold(Func):
    """`lib.text.fold` inside the database: the only way in which a query compares texts."""

    function = "kariz_fold"
    arity = 1
    output_field = models.TextField()


class JSONKey(Func):
    """A key of `custom`, spelt the one way that both databases match to an expression index."""

    def __init__(self, key: str, template: str, output_field: models.Field[Any, Any]) -> None:
        if not KEY.match(key):
            raise ValueError(key)
        super().__init__(F("custom"), key=key, template=template, output_field=output_field)


def hold(name: str) -> None:
    """Make other transactions that hold `name` wait until this one ends. On SQLite only one writes at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def teach_connection(connection: Any, **_: Any) -> None:
    """Give a fresh SQLite connection the functions that PostgreSQL gets by migration."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("kariz_fold", 1, _fold, deterministic=True)


def _fold(value: object) -> str | None:
    return None if value is None else text.fold(str(value))
