"""A person's consent to the use of what is known of them, and handing the lead over to somebody else."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.accounts.locale import Locale
from kariz.core.drafts import Draft
from kariz.records.leads.models import Lead


def heed(draft: Draft, lead: Lead) -> None:
    """Keep when consent was given and when a lead was handed over; without consent it is not."""
    if lead.consent_text and lead.consented_at is None and draft.changed("consent_text"):
        lead.consented_at = timezone.now()
    if lead.handed_to_id is None or not draft.changed("handed_to") or draft.is_stored:
        return
    if lead.consented_at is None or lead.consent_withdrawn_at:
        draft.error("handed_to", _("There is no consent to pass this person's data on."))
    elif lead.handed_on is None:
        lead.handed_on = Locale.of(None).today()
