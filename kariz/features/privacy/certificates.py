"""The certificate of an erasure: who, when, by whose request, which places with counts; no personal value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from kariz.core import erasing
from kariz.core.erasing import MASK, Person
from kariz.features.privacy import erased_list
from kariz.features.privacy.models import Erasure

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.models import ChangeBatch
    from kariz.features.privacy.erasing import Count, Order

PROGRAM = "Kariz"


def issue(
    order: Order,
    user: User | None,
    batch: ChangeBatch,
    *,
    records: list[list[Any]],
    places: Sequence[Count],
    who: Person,
) -> Erasure:
    """Keep the certificate, and note in the list of the data folder who was erased once that is sure."""
    at = timezone.now()
    reference = who.mentions.masked(order.reference, MASK)[:100]
    told = {
        "number": str(order.number),
        "at": at.isoformat(),
        "by": user.username if user else PROGRAM,
        "asked_by": order.asked_by,
        "reference": reference,
        "way": order.way,
        "records": records,
        "places": {one.name: one.count for one in places},
        "copies": [
            {
                "name": one.name,
                "made_at": one.made_at.isoformat(),
                "until": one.until and one.until.isoformat(),
            }
            for one in erasing.copies()
        ],
    }
    made = Erasure.objects.create(
        number=order.number,
        at=at,
        user=user,
        way=order.way,
        asked_by=order.asked_by,
        reference=reference,
        record_count=len(records),
        told=told,
        digest=digest(told),
        batch=batch,
    )
    transaction.on_commit(lambda: erased_list.add([erased_list.line_of(made)]))
    return made


def digest(told: Any) -> str:
    """The SHA-256 of the certificate's JSON with sorted keys and no spaces."""
    written = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def is_genuine(erasure: Erasure) -> bool:
    """Whether it says what it said when it was issued."""
    return digest(erasure.told) == erasure.digest
