"""How an opportunity came about: from a lead, for an existing customer, or for a new one."""

from django.utils.translation import gettext_noop as _

from kariz.core.choices import Seed
from kariz.core.drafts import Draft
from kariz.records.opportunities.models import Opportunity

LEAD, EXISTING, NEW = "lead", "existing_customer", "new_customer"
ORIGINS = (
    Seed(LEAD, _("Lead"), "amber", is_fixed=True),
    Seed(EXISTING, _("Existing customer"), "blue", is_fixed=True),
    Seed(NEW, _("New customer"), "teal", is_fixed=True),
)


def complete(draft: Draft, deal: Opportunity) -> None:
    """Where nobody says so: one with a lead came from it, one with a customer on record is for an existing one."""
    if "origin" in draft.given or not draft.is_new:
        return
    if deal.lead_id:
        deal.origin = LEAD
    else:
        deal.origin = EXISTING if deal.organization_id or deal.primary_contact_id else NEW
