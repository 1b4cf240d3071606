"""What follows from the status of a lead, and from who decides on it."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.accounts.locale import Locale
from kariz.core import choices
from kariz.core.drafts import Draft
from kariz.records.leads.models import Lead
from kariz.records.leads.picklists import AUTOMATIC, CONVERTED, MANUAL

SPEAR = "spear"


def follow(draft: Draft, lead: Lead) -> None:
    """Complete a draft. What the draft itself says stands."""
    if (
        lead.status == CONVERTED
        and not lead.is_converted
        and not draft.is_trusted
        and draft.changed("status")
    ):
        draft.error("status", _("Use “Convert”: it makes the customer."))
    if draft.changed("status") and "stage_entered_at" not in draft.given:
        lead.stage_entered_at = timezone.now()
    stage = choices.find("lead", "status", lead.status)
    lead.is_open = not lead.is_converted and not (stage and stage.outcome)
    lead.stale_on = _stale_day(lead, stage.expected_days if stage else None)
    _qualify(draft, lead)
    _credit(draft, lead)


def _stale_day(lead: Lead, expected_days: int | None) -> date | None:
    if not lead.is_open or expected_days is None or lead.stage_entered_at is None:
        return None
    return lead.stage_entered_at.astimezone(Locale.of(None).tz).date() + timedelta(days=expected_days)


def _qualify(draft: Draft, lead: Lead) -> None:
    """Keep who decided on the qualification, and when."""
    if draft.changed("qualification") and "qualified_at" not in draft.given:
        lead.qualified_at = timezone.now() if lead.qualification else None
        lead.qualified_by_id = draft.user.pk if draft.user and lead.qualification else None


def _credit(draft: Draft, lead: Lead) -> None:
    """A spear is the work of one employee; what nobody typed was made by a channel."""
    if lead.type == SPEAR and not lead.credited_to_id and draft.changed("type"):
        lead.credited_to_id = draft.user.pk if draft.user else lead.owner_id
    if draft.is_new and not lead.creation_mode:
        lead.creation_mode = MANUAL if draft.user else AUTOMATIC
