"""A form that is sent twice makes one record: each carries a token, kept with what it made."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from kariz.accounts.models import User
from kariz.core import records
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType
from kariz.web.models import Submission

Made = tuple[Any, ChangeBatch | None]


def token(request: HttpRequest) -> uuid.UUID:
    """The token that the form carries; a fresh one for a form that carries none."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


@transaction.atomic
def once(wanted: uuid.UUID, record_type: RecordType, user: User, make: Callable[[], Made]) -> Made:
    """What `make` makes, or what this token has made before. Nothing is kept where `make` raises."""
    owner = {"user": user, "record_type": record_type.name}
    held, is_first = Submission.objects.get_or_create(token=wanted, defaults=owner)
    if not is_first and held.user_id == user.pk and held.record_type == record_type.name:
        earlier = records.visible(record_type, user).filter(pk=held.record_id).first()
        if earlier:
            return earlier, None
    record, batch = make()
    Submission.objects.filter(pk=wanted).update(record_id=record.pk)
    return record, batch
