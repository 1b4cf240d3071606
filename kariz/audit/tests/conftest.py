"""What the tests of the log share: entries to begin with, and raw SQL as somebody with the database would send it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from kariz import audit
from kariz.audit import guards
from kariz.audit.models import Entry


def write(count: int, kind: str = "sign_in.failed") -> list[Entry]:
    """Entries, linked."""
    written = [audit.note(kind, typed=f"name {number}") for number in range(count)]
    audit.seal(waits=True)
    return written


def attack(statement: str, *values: Any) -> int:
    """What somebody does who owns the database: the triggers go first."""
    guards.remove()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


@pytest.fixture
def five(db: None) -> list[Entry]:
    return write(5)
