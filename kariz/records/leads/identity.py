"""Who a lead is, and when that is too little to be one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kariz.core.drafts import Draft
from kariz.records.leads.models import Lead

PERSONAL = ("phone", "email")
CORPORATE = ("company_phone", "company_email")
ANONYMOUS_SOURCE = "purchased_list"
NAMING = ("name", "company", *PERSONAL, *CORPORATE, "source")


def identify(draft: Draft, lead: Lead) -> None:
    """Give the lead its title, mark it where nobody is named, and refuse it where nobody could be reached."""
    lead.is_incomplete = not lead.name
    ways = [getattr(lead, name) for name in (*PERSONAL, *CORPORATE)]
    lead.title = next(filter(None, (lead.name, lead.company, *ways)), "")
    if not draft.is_stored and draft.changed(*NAMING) and draft.errors.keys().isdisjoint(NAMING):
        _refuse_unreachable(draft, lead)


def _refuse_unreachable(draft: Draft, lead: Lead) -> None:
    """A person needs an e-mail or a phone, a company without a person its phone.

    What a channel caught, or a row of a bought list, may be nothing but a way to reach somebody.
    """
    is_reachable = any(getattr(lead, name) for name in (*PERSONAL, *CORPORATE))
    if lead.name:
        for name in () if is_reachable else PERSONAL:
            draft.error(name, _("Enter an e-mail or a phone."))
    elif lead.company and not lead.company_phone:
        draft.error("company_phone", _("Without a person, the company's phone is needed."))
    elif not lead.company and not (is_reachable and (draft.user is None or lead.source == ANONYMOUS_SOURCE)):
        draft.error("name", _("Enter the name of the person, or the company and its phone."))
