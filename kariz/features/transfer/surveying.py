"""What an import would do, found out by doing it to the first rows of each file and rolling all of it back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction

from kariz.accounts import company
from kariz.core import records
from kariz.features.transfer import running
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.resolving import candidate_names
from kariz.features.transfer.targets import RecordTarget, target_of

ROWS_TRIED = 1_000
MOST_SHOWN = 20
MOST_REASONS = 12
MOST_UNKNOWN = 200
MOST_OFFERED = 500


@dataclass(frozen=True)
class Unknown:
    """A text of the file that stands for nothing known, how often it occurs, and what it may be meant as."""

    text: str
    count: int
    nearest: str


@dataclass
class Survey:
    """`problems` counts the reasons for which rows would fail; `failures` are the first of those rows.

    `offered` are the names that an unknown text may stand for, those among them that earlier files would bring.
    """

    file: ImportFile
    tried: int = 0
    good: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, list[Unknown]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        return self.tried - self.good

    @property
    def worst(self) -> list[tuple[str, int]]:
        """The reasons that most rows fail for, each with their number."""
        return self.problems.most_common(MOST_REASONS)

    @property
    def is_partial(self) -> bool:
        return self.tried < self.file.row_count


class _RollBack(Exception):
    """Leaves the transaction without a trace."""


def survey(run: Import) -> list[Survey]:
    """Try every file in order, each seeing what those before it would have made. Writes nothing."""
    found: list[Survey] = []
    try:
        with transaction.atomic():
            run.batch = records.batch_of("import", run.user, run.label)
            found += [_survey_file(run, file) for file in run.files.all()]
            raise _RollBack
    except _RollBack:
        run.batch = None
        company.forget()
    return found


def _survey_file(run: Import, file: ImportFile) -> Survey:
    result = Survey(file)
    step = running.step_of(file)
    target = target_of(step, run.user)
    if isinstance(target, RecordTarget):
        result.unknown = _unknown(file, target)
        result.offered = {name: _offered(target, name, texts) for name, texts in result.unknown.items()}
    rows = list(islice(running.source_of(file).rows(), ROWS_TRIED))
    for start in range(0, len(rows), running.CHUNK):
        chunk = rows[start : start + running.CHUNK]
        reasons = target.write([running.named_cells(file, step, cells) for cells in chunk], run, file)
        for offset, why in enumerate(reasons):
            result.tried += 1
            result.good += not why
            result.problems.update(why)
            if why and len(result.failures) < MOST_SHOWN:
                result.failures.append({"number": start + offset + 1, "cells": chunk[offset], "reasons": why})
    return result


def _offered(target: RecordTarget, name: str, unknown: list[Unknown]) -> list[str]:
    """The nearest names first to be sure of them, then the others as far as a list can be read."""
    known = candidate_names(target.record_type.all_fields[name], target.user)[:MOST_OFFERED]
    nearest = sorted({one.nearest for one in unknown} - {"", *known})
    return [*nearest, *known]


def _unknown(file: ImportFile, target: RecordTarget) -> dict[str, list[Unknown]]:
    """Over the whole file, because unknown values are asked about before anything is written."""
    counts: dict[str, Counter[str]] = {}
    rows = running.source_of(file).rows()
    while chunk := list(islice(rows, running.CHUNK)):
        named = [target.replaced(running.named_cells(file, target.step, cells)) for cells in chunk]
        for name, texts in target.unknown(named).items():
            counts.setdefault(name, Counter()).update(texts)
    fields = target.record_type.all_fields
    return {
        name: [
            Unknown(text, count, target.resolver.nearest(fields[name], text))
            for text, count in texts.most_common(MOST_UNKNOWN)
        ]
        for name, texts in counts.items()
    }
