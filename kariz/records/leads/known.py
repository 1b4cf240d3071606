"""Customers that may be the one a lead speaks of: looked for before a second card of them is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import duplicates, records, registry
from kariz.records.leads import mapping
from kariz.records.leads.models import Lead

MOST_SHOWN = 5


@dataclass(frozen=True)
class Known:
    """A record that is there already, and why it may be the same."""

    record: Any
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        return _(", ").join(self.reasons)

    @property
    def key(self) -> str:
        """How a form names it."""
        return str(self.record.pk)


def like(lead: Lead, target: str, user: User | None) -> list[Known]:
    """The organizations or contacts that this lead may be, among those the user sees; the likeliest first."""
    record_type = registry.get(target)
    carried = {field.name: value for field, value in mapping.carried(lead, record_type).items() if value}
    values = {"email": lead.company_email, "phone": lead.company_phone} | carried
    found = duplicates.find(record_type, values, user, types=[target], hints=True)[:MOST_SHOWN]
    known = records.visible(record_type, user).in_bulk([one.pk for one in found])
    return [Known(known[one.pk], one.reasons) for one in found if one.pk in known]
