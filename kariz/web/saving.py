"""Writes of the screens: one record, and the batch by which it can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kariz.accounts.models import User
from kariz.core import records
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType


@transaction.atomic
def save(
    record_type: RecordType, record: Any, values: Mapping[str, Any], *, user: User, version: int | None = None
) -> tuple[Any, ChangeBatch | None]:
    """The record as it now is, and the batch; None where nothing changed. Raises what `records.save` raises."""
    batch = records.batch_of("create" if record._state.adding else "edit", user)
    saved = records.save(record_type, record, values, user=user, batch=batch, version=version)
    if batch.changes.exists():
        return saved, batch
    batch.delete()
    return saved, None
