"""How often a caller may ask: a number of requests in each minute, counted over all processes.

A process takes permits from the database by the dozen and spends them from memory, so that most requests write
nothing. All of them together never let more in than the limit; permits that a process holds when the minute is over
are lost.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from kariz.api.models import Allowance
from kariz.api.problems import Problem

WINDOW = 60  # seconds
PARTS = 50
"""A process takes one of so many parts of the limit at a time."""


@dataclass
class _Purse:
    """What this process holds for a caller in a window: permits to spend, and what the database had left."""

    window: int
    held: int = 0
    left: int = 0


_purses: dict[str, _Purse] = {}
_lock = Lock()


def headers(key: str) -> Mapping[str, str]:
    """Let one request of this caller in; gives the headers that tell what is left. Raises a `Problem` (429)."""
    limit: int = settings.API_RATE
    if not limit:
        return {}
    now = time.time()
    window = int(now // WINDOW)
    reset = math.ceil((window + 1) * WINDOW - now)
    with _lock:
        purse = _purse(key, window)
        is_in = _spend(purse)
    if not is_in and purse.left:
        held, left = _take(key, window, limit)
        with _lock:
            purse.held, purse.left = purse.held + held, left
            is_in = _spend(purse)
    remaining = purse.held + purse.left
    told = {
        "RateLimit-Limit": str(limit), "RateLimit-Remaining": str(remaining), "RateLimit-Reset": str(reset)
    }  # fmt: skip
    if is_in:
        return told
    message = _("Too many requests. Wait, as the header Retry-After says.")
    raise Problem(429, "too_many_requests", message, headers=told | {"Retry-After": str(reset)})


def _spend(purse: _Purse) -> bool:
    is_enough = purse.held > 0
    purse.held -= is_enough
    return is_enough


def _purse(key: str, window: int) -> _Purse:
    """That of this window; the purses of the last one are thrown away together."""
    if any(one.window != window for one in _purses.values()):
        _purses.clear()
    return _purses.setdefault(key, _Purse(window, left=1))


def _take(key: str, window: int, limit: int) -> tuple[int, int]:
    """Take a part from the database: how many permits that are, and how many are left there."""
    wanted = max(1, limit // PARTS)
    Allowance.objects.get_or_create(key=key, defaults={"window": window, "taken": 0})
    row = Allowance.objects.filter(key=key)
    row.exclude(window=window).update(window=window, taken=0)
    if row.filter(taken__lte=limit - wanted).update(taken=F("taken") + wanted):
        taken = row.values_list("taken", flat=True).get()
        return wanted, max(0, limit - taken)
    if wanted > 1 and row.filter(taken__lt=limit).update(taken=F("taken") + 1):
        return 1, 1  # the last ones one by one
    return 0, 0
