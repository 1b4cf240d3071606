"""What becomes of the rows of a file: each one's fate, and how many had which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from kariz.core.fields import Field

CREATED, UPDATED, SKIPPED, FAILED = "created", "updated", "skipped", "failed"

MOST_FAILURES = 20
MOST_SAMPLES = 5
MOST_PROBLEMS = 100
FIRST_ROWS = 5


Mark = tuple[int, tuple[Any, ...]]
"""The place of a key among the keys of the plan, and what a row or record is compared by under it."""


class Problem(NamedTuple):
    """Why a row fails: `text` for the person who reads about this row, `kind` with the row's own value left out."""

    kind: str
    text: str


def problem(label: Any, message: str, value: object = "") -> Problem:
    """A problem of one field; `label` is empty where it is one of the whole row."""
    kind = message
    for start, end in ("“”", "«»"):
        kind = kind.replace(f"{start}{value}{end}", "“…”") if str(value) else kind
    before = f"{label}: " if label else ""
    return Problem(before + kind, before + message)


@dataclass(slots=True)
class Row:
    """A row on its way: `values` by field as parsed, `links` and `own` the names of records in other types and this.

    `marks` are what it is recognised by (see `matching`), `promised` the links to what the import itself would bring.
    `result` is one of the four fates above, empty until it is known.
    """

    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    marks: Sequence[Mark] = ()
    promised: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    result: str = ""
    record: Any = None
    changes: dict[str, list[Any]] = field(default_factory=dict)

    def fail(self, why: Problem) -> None:
        self.problems.append(why)
        self.result = FAILED

    def refuse(self, errors: Mapping[str, Sequence[str]], fields: Mapping[str, Field]) -> None:
        """Fail by what the writing door says against the row: field → messages; promised links will be there."""
        for name, texts in errors.items():
            for text in texts if name not in self.promised else ():
                label = fields[name].label if name in fields else ""
                self.fail(problem(label, text, self.values.get(name, "")))


@dataclass
class Tally:
    """The fates of many rows. `problems` is kind → [count, numbers of the first rows]; row 1 is below the header.

    `alike` of the new records may be others that are there, or each other; `alike_rows` are the first of them.
    `made` are the linked records that are made on the way: type → [how many, the first names].
    """

    created: int = 0
    updated: int = 0
    skipped: int = 0
    failed: int = 0
    alike: int = 0
    alike_rows: list[int] = field(default_factory=list)
    problems: dict[str, list[Any]] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    creations: list[dict[str, Any]] = field(default_factory=list)
    made: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.skipped + self.failed

    @property
    def worst(self) -> list[tuple[str, int, list[int]]]:
        """The kinds of problems, the most frequent first: kind, count, first rows."""
        found = [(kind, count, rows) for kind, (count, rows) in self.problems.items()]
        return sorted(found, key=lambda one: -one[1])

    def add(self, rows: Iterable[Row], first: int) -> None:
        """Count rows, the first of which has the number `first`."""
        for number, row in enumerate(rows, first):
            setattr(self, row.result, getattr(self, row.result) + 1)
            if row.problems:
                self._note(number, row)

    def _note(self, number: int, row: Row) -> None:
        for kind in dict.fromkeys(one.kind for one in row.problems):
            self.count(kind, number)
        if row.result == FAILED and len(self.failures) < MOST_FAILURES:
            reasons = [one.text for one in row.problems]
            self.failures.append({"number": number, "cells": row.cells, "reasons": reasons})

    def count(self, kind: str, number: int) -> None:
        """Count one row with this kind of problem; kinds beyond the first hundred are not told apart."""
        known = self.problems.get(kind)
        if known is None:
            if len(self.problems) >= MOST_PROBLEMS:
                return
            known = self.problems[kind] = [0, []]
        known[0] += 1
        if len(known[1]) < FIRST_ROWS:
            known[1].append(number)

    def note_alike(self, number: int) -> None:
        self.alike += 1
        self.alike_rows = sorted([*self.alike_rows, number])[:FIRST_ROWS]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
