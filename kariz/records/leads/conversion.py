"""A lead becomes a customer: organization, contact and opportunity in one batch, linked both ways, undone as one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import access, choices, links, records, registry
from kariz.core.models import ChangeBatch
from kariz.core.records import Forbidden, Invalid
from kariz.core.registry import RecordType
from kariz.records.contacts.models import Contact
from kariz.records.leads import mapping
from kariz.records.leads.models import Lead
from kariz.records.leads.picklists import CONVERTED
from kariz.records.opportunities.models import Opportunity
from kariz.records.opportunities.origins import LEAD
from kariz.records.opportunities.pipeline import PIPELINE
from kariz.records.organizations.models import Organization

NEW: Mapping[str, Any] = MappingProxyType({})
# The first three stages of the life cycle are those of leads: their opportunities begin at the fourth.
FIRST_STAGE = "nurturing"


@dataclass(frozen=True)
class Conversion:
    lead: Lead
    contact: Contact
    organization: Organization | None
    opportunity: Opportunity | None
    batch: ChangeBatch


@transaction.atomic
def convert(
    lead: Lead,
    *,
    user: User | None,
    organization: Organization | Mapping[str, Any] = NEW,
    contact: Contact | Mapping[str, Any] = NEW,
    opportunity: Mapping[str, Any] | None = NEW,
    owner: User | None = None,
    fill: Collection[str] = (),
) -> Conversion:
    """Convert `lead`. Each part is a record to use, or what to say of a new one beyond what the lead gives.

    Without a company there is no organization; without `opportunity`, none is made. `owner` is responsible for what is
    new, else whoever is for the lead. A record to use stays as it is; in the parts that `fill` names it takes from the
    lead what it has not. Raises `Invalid`, whose keys are like `contact.name`, and `Forbidden`.
    """
    lead = _locked(lead, user)
    making = _Making(lead, user, owner.pk if owner else lead.owner_id, fill)
    firm = making.part("organization", organization) if lead.company else None
    person = making.part("contact", contact, organization=firm)
    deal = None
    if opportunity is not None:
        said = {**start(), **opportunity}
        deal = making.part("opportunity", said, organization=firm, primary_contact=person, origin=LEAD)
    return Conversion(making.close(firm, person, deal), person, firm, deal, making.batch)


def _locked(lead: Lead, user: User | None) -> Lead:
    """The lead as it is now, where this user may convert it."""
    record_type = registry.get("lead")
    fresh: Lead = record_type.model.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if not access.may(record_type, user, "convert") or not access.may_write(record_type, user, fresh):
        raise Forbidden(_("You may not change this record."))
    if fresh.is_converted:
        raise Invalid({"__all__": [_("This lead has been converted already.")]})
    if not fresh.name:
        raise Invalid({"contact.name": [_("Name the person first: a customer needs somebody to talk to.")]})
    links.load(record_type, [fresh])
    return fresh


def start() -> dict[str, Any]:
    """The stage that an opportunity made from a lead begins at, where the shipped pipeline still has it."""
    is_shipped = choices.default("opportunity", "pipeline") == PIPELINE
    stage = choices.find("opportunity", "stage", FIRST_STAGE, PIPELINE) if is_shipped else None
    return {"stage": FIRST_STAGE} if stage and not stage.is_hidden and not stage.is_removed else {}


class _Making:
    """The records of one conversion, all in one batch."""

    def __init__(self, lead: Lead, user: User | None, owner_id: int | None, fill: Collection[str]) -> None:
        self.lead, self.user, self.owner_id, self.fill = lead, user, owner_id, fill
        self.batch = records.batch_of("conversion", user, lead.title)

    def part(self, name: str, given: Any, **linked: Any) -> Any:
        """The record to use, or a new one; the program answers for what `linked` says."""
        if not isinstance(given, Mapping):
            return self._filled(name, given, linked) if name in self.fill else given
        record_type = registry.get(name)
        carried, closed = mapping.carried(self.lead, record_type), self._closed(record_type)
        kept = {field.attribute: value for field, value in carried.items() if field.name in closed}
        model: Any = record_type.model
        record = model(lead=self.lead, owner_id=self.owner_id, **linked, **kept)
        values = {field.name: value for field, value in carried.items() if field.name not in closed}
        values.update(given)
        return self._saved(record_type, record, values)

    def _filled(self, name: str, record: Any, linked: Mapping[str, Any]) -> Any:
        """The record with what the lead gives where it has nothing, or a no, itself."""
        record_type = registry.get(name)
        links.load(record_type, [record])
        given = mapping.carried(self.lead, record_type)
        given |= {record_type.all_fields[key]: one.pk for key, one in linked.items() if one}
        held, closed = {field: field.get(record) for field in given}, self._closed(record_type)
        values = {
            field.name: value
            for field, value in given.items()
            if field.name not in closed and (field.type.is_empty(held[field]) or held[field] is False)
        }
        return self._saved(record_type, record, values)

    def _closed(self, record_type: RecordType) -> set[str]:
        """The fields that the user does not set: the program answers for what the lead gives them."""
        return record_type.all_fields.keys() - access.writable(record_type, self.user).keys()

    def _saved(self, record_type: RecordType, record: Any, values: Mapping[str, Any]) -> Any:
        try:
            return records.save(record_type, record, values, user=self.user, batch=self.batch)
        except Invalid as error:
            raise Invalid(
                {f"{record_type.name}.{field}": told for field, told in error.errors.items()}
            ) from None

    def close(self, firm: Any, person: Any, deal: Any) -> Lead:
        """Lock the lead and link it to what it became."""
        values = {
            "status": CONVERTED,
            "is_converted": True,
            "converted_at": timezone.now(),
            "organization": firm,
            "contact": person,
            "opportunity": deal,
        }
        saved: Lead = records.save(
            registry.get("lead"), self.lead, values, user=self.user, batch=self.batch, is_trusted=True
        )
        return saved
