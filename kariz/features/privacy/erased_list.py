"""The list of who was erased, by ids alone, in the data folder, beside the database that a backup may replace."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from kariz.core import erasing
from kariz.features.privacy.models import Erasure

Line = dict[str, Any]


def path() -> Any:
    return settings.DATA / erasing.LIST


def line_of(erasure: Erasure) -> Line:
    told = erasure.told
    return {"number": str(erasure.number), "at": told["at"], "way": erasure.way, "records": told["records"]}


def add(lines: Iterable[Line]) -> None:
    """Write lines at the end, on the disk when this returns."""
    written = "".join(f"{json.dumps(line)}\n" for line in lines)
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, written.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def lines() -> Iterator[Line]:
    """Every erasure that was ever made on this data folder; a line that was cut off is none."""
    if not path().exists():
        return
    for text in path().read_text().splitlines():
        try:
            line = json.loads(text)
            uuid.UUID(line["number"])
        except (ValueError, KeyError, TypeError):
            continue
        yield line


def undone() -> list[Line]:
    """The erasures that this database knows nothing of: it is older than they are."""
    known = {str(number) for number in Erasure.objects.values_list("number", flat=True)}
    return [line for line in lines() if line["number"] not in known]


def missing() -> list[Erasure]:
    """The erasures that the list lacks."""
    listed = {line["number"] for line in lines()}
    return [one for one in Erasure.objects.order_by("pk").iterator() if str(one.number) not in listed]


def write_missing() -> None:
    add([line_of(one) for one in missing()])
