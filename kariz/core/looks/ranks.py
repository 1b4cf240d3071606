"""Whether every card of a board has a place between others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from kariz.core import doctor, registry
from kariz.core.doctor import Finding
from kariz.core.models import newest_first
from kariz.core.registry import RecordType

# Beyond it, no number is left between two ranks that differ by one.
LARGEST = 1e15


@doctor.look
def ranks() -> Iterator[Finding]:
    for record_type in registry.every():
        if count := record_type.model.objects.exclude(rank__gt=-LARGEST, rank__lt=LARGEST).count():
            message = f"{count} {record_type.name} records have no place on their board."
            yield Finding("ranks", message, count, partial(_place, record_type))


def _place(record_type: RecordType) -> None:
    """On top, as if they were new."""
    record_type.model.objects.exclude(rank__gt=-LARGEST, rank__lt=LARGEST).update(rank=newest_first())
