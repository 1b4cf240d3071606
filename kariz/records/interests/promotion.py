"""An interest becomes a lead as soon as somebody has given a way to be reached; the two stay linked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.core import access, links, records, registry
from kariz.core.records import Forbidden, Invalid
from kariz.records.interests.models import Interest

if TYPE_CHECKING:
    from kariz.accounts.models import User

# The lead's field → the interest's.
CARRIED = {
    "name": "person",
    "company": "company",
    "phone": "phone",
    "email": "email",
    "source": "source",
    "interest_kind": "interest_kind",
    "areas_of_interest": "text",
    "social_profiles": "handle",
    "campaign": "campaign",
    "reacted_to": "page",
    "products": "products_ids",
    "services": "services_ids",
}


@transaction.atomic
def promote(interest: Interest, *, user: User | None, **values: Any) -> Any:
    """Make the lead, in one batch; `values` stand before what the interest says. Raises `Invalid` and `Forbidden`."""
    record_type, lead_type = registry.get("interest"), registry.get("lead")
    interest = record_type.model.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    if not access.may_write(record_type, user, interest):
        raise Forbidden(_("You may not change this record."))
    if interest.is_promoted:
        raise Invalid({"__all__": [_("A lead has been made from this interest already.")]})
    links.load(record_type, [interest])
    carried = {name: getattr(interest, source) for name, source in CARRIED.items()}
    carried = {name: value for name, value in carried.items() if value} | values
    batch = records.batch_of("promotion", user, interest.name)
    new: Any = lead_type.model
    lead = new(interest=interest, owner_id=interest.owner_id)
    lead = records.save(lead_type, lead, carried, user=user, batch=batch)
    kept = {"is_promoted": True, "promoted_at": timezone.now()}
    records.save(record_type, interest, kept, user=user, batch=batch, is_trusted=True)
    return lead
