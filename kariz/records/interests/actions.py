"""What can be done to interests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kariz.core.actions import Parameter, action
from kariz.records.interests import promotion

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType


@action(
    "promote",
    label=_("Make a lead of it"),
    types=("interest",),
    icon="user-plus",
    fits=lambda interest: not interest.is_promoted,
    parameters=(Parameter("values", values="lead"),),
)
def promote(
    record_type: RecordType, record: Any, *, user: User | None, values: Mapping[str, Any] | None = None
) -> Any:
    return promotion.promote(record, user=user, **(values or {}))
