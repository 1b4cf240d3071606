"""Whoever a restored backup has brought back is erased again, as the list in the data folder says."""

from __future__ import annotations

import uuid
from datetime import datetime

from kariz.core import erasing, registry
from kariz.core.erasing import Held
from kariz.core.models import Change
from kariz.features.privacy import erased_list
from kariz.features.privacy.erasing import Order, carry_out
from kariz.features.privacy.models import Erasure


@erasing.on_restored
def erase_again() -> int:
    """Erase once more whoever is back. What is under way now is left to `kariz doctor`."""
    done = 0
    for line in erased_list.undone():
        try:
            _erase(line)
        except Held:
            continue
        done += 1
    return done


def _erase(line: erased_list.Line) -> None:
    carry_out(
        Order(
            records=_back(line),
            way=line["way"],
            asked_by=Erasure.AskedBy.RESTORED,
            number=uuid.UUID(line["number"]),
        ),
        None,
    )


def _back(line: erased_list.Line) -> dict[str, list[int]]:
    """Those of the records that are there, or of which the history tells; a later one with the same id is another."""
    found: dict[str, list[int]] = {}
    for name, pk, created in line["records"]:
        try:
            model = registry.get(name).model
        except KeyError:
            continue
        made_at = datetime.fromisoformat(created)
        there = model.objects.filter(pk=pk).values_list("created_at", flat=True).first()
        gone = Change.objects.filter(
            record_type=name, record_id=pk, at__lte=datetime.fromisoformat(line["at"])
        )
        if there == made_at or (there is None and gone.exists()):
            found.setdefault(name, []).append(pk)
    return found
