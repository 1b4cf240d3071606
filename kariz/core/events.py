"""Changes are events: consumers hear of each at least once, from a job, after the transaction that made it.

A consumer must be idempotent: after a crash it may hear of the same change again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kariz import jobs
from kariz.core.models import Change

AT_ONCE = 500

Consume = Callable[[Sequence[Change]], None]
Wants = Callable[[str, str, dict[str, list[Any]]], bool]


@dataclass(frozen=True)
class Consumer:
    name: str
    wants: Wants
    consume: Consume


_consumers: dict[str, Consumer] = {}


def consumer(name: str, wants: Wants) -> Callable[[Consume], Consume]:
    """Register a function that hears of the changes for which `wants(record_type, kind, values)` is true."""

    def register(consume: Consume) -> Consume:
        _consumers[name] = Consumer(name, wants, consume)
        return consume

    return register


def is_wanted(record_type: str, kind: str, values: dict[str, list[Any]]) -> bool:
    return any(one.wants(record_type, kind, values) for one in _consumers.values())


@jobs.task("deliver_events")
def deliver(job: Any) -> None:
    """Hand waiting changes to their consumers, oldest first."""
    while waiting := list(
        Change.objects.filter(is_delivered=False).select_related("batch").order_by("id")[:AT_ONCE]
    ):
        for one in _consumers.values():
            wanted = [
                change for change in waiting if one.wants(change.record_type, change.kind, change.values)
            ]
            if wanted:
                one.consume(wanted)
        Change.objects.filter(pk__in=[change.pk for change in waiting]).update(is_delivered=True)


jobs.schedule("deliver_events", every=timedelta(seconds=2))
