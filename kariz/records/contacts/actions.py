"""What can be done to people: to contacts, and to leads alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kariz.core.actions import action
from kariz.records.contacts import phones

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType


@action(
    "verify_phone",
    label=_("Phone is verified"),
    types=("contact", "lead"),
    icon="phone",
    fits=phones.is_unverified,
)
def verify_phone(record_type: RecordType, record: Any, *, user: User | None) -> Any:
    return phones.verify(record_type, record, user=user)
