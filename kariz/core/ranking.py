"""The order of the cards of a board, highest rank first: people drag a card between two others."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from kariz.core.models import newest_first

ORDER = ("-rank", "-pk")


@transaction.atomic
def place(column: QuerySet[Any], record: Any, *, above: int | None = None, below: int | None = None) -> None:
    """Put `record` under the card `above` and over the card `below`, cards of its column, by their ids.

    The order is no change of the record: it has no history and no version. Unknown cards are as none.
    """
    cards = column.order_by(*ORDER).exclude(pk=record.pk)
    neighbours = cards.select_for_update().in_bulk([pk for pk in (above, below) if pk])
    upper, lower = neighbours.get(above), neighbours.get(below)
    if upper and not lower:
        lower = cards.filter(under(upper.rank, upper.pk)).first()
    rank = _between(upper, lower)
    if rank is None and lower:
        # No number is left between the two: everything from the upper one on makes room.
        cards.exclude(under(lower.rank, lower.pk)).exclude(pk=lower.pk).update(rank=F("rank") + 1)
        rank = lower.rank + 0.5
    column.model.objects.filter(pk=record.pk).update(rank=rank)
    record.rank = rank


def under(rank: float, pk: int) -> Q:
    """The cards below the one with this rank and id."""
    return Q(rank__lte=rank) & (Q(rank__lt=rank) | Q(pk__lt=pk))


def _between(upper: Any, lower: Any) -> float | None:
    if not upper:
        return max(newest_first(), lower.rank + 1) if lower else newest_first()
    if not lower:
        return float(upper.rank - 1)
    middle = (upper.rank + lower.rank) / 2
    return middle if lower.rank < middle < upper.rank else None
