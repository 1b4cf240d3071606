"""Keys of rows that people name: the name in Latin letters, with a number where that is taken."""

from __future__ import annotations

from itertools import count

from django.db.models import Model
from django.utils.text import slugify

LONGEST = 30


def free(model: type[Model], name: str) -> str:
    """A key that no row of `model` has: `area_manager`, `area_manager_2`."""
    stem = slugify(name).replace("-", "_")[:LONGEST].strip("_") or model._meta.model_name or "row"
    taken = set(model._default_manager.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for n in count(1) if (key := stem if n == 1 else f"{stem}_{n}") not in taken)
