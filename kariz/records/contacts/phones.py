"""Verified phones: somebody has made sure that the number is this person's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.core import access, records
from kariz.core.drafts import Draft
from kariz.core.records import Forbidden, Invalid

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType

VERIFICATION = ("is_phone_verified", "phone_verified_at", "phone_verified_by")
UNVERIFIED = {"all": [["phone", "not_empty"], ["is_phone_verified", "no"]]}


def is_unverified(record: Any) -> bool:
    return bool(record.phone) and not record.is_phone_verified


def verify(record_type: RecordType, record: Any, *, user: User | None) -> Any:
    """Keep that the number is right, who made sure of it, and when. Raises `Invalid` and `Forbidden`."""
    if not access.may_write(record_type, user, record):
        raise Forbidden(_("You may not change this record."))
    if not record.phone:
        raise Invalid({"phone": [_("There is no phone number to verify.")]})
    values = {"is_phone_verified": True, "phone_verified_at": timezone.now(), "phone_verified_by": user}
    return records.save(record_type, record, values, user=user, is_trusted=True)


def forget_changed(draft: Draft) -> None:
    """A number that has changed is not verified any more."""
    record: Any = draft.record
    if draft.is_new or not record.is_phone_verified or "is_phone_verified" in draft.given:
        return
    if draft.changed("phone"):
        record.is_phone_verified, record.phone_verified_at, record.phone_verified_by = False, None, None
