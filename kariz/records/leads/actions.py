"""What can be done to leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kariz.core.actions import Parameter, action
from kariz.records.leads import conversion, triggers

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType


@action(
    "convert",
    label=_("Convert"),
    types=("lead",),
    icon="shuffle",
    page="leads:convert",
    fits=lambda lead: not lead.is_converted,
    proposed=triggers.proposal,
    parameters=(
        Parameter("organization", record="organization", values="organization", may_be_null=True),
        Parameter("contact", record="contact", values="contact"),
        Parameter("opportunity", values="opportunity", may_be_null=True),
        Parameter("owner", record="user"),
        Parameter("fill", {"type": "array", "items": {"enum": ["organization", "contact"]}}),
    ),
)
def convert(
    record_type: RecordType, record: Any, *, user: User | None, **parts: Any
) -> conversion.Conversion:
    return conversion.convert(record, user=user, **parts)
