"""What Kariz knows of leads."""

from collections.abc import Sequence
from typing import cast

from django.utils.translation import gettext_lazy as _

from kariz.accounts.roles import ShippedRole
from kariz.core.drafts import Draft
from kariz.core.registry import Block, Grant, RecordType, View, register
from kariz.records.contacts import phones
from kariz.records.contacts.sources import SALUTATIONS
from kariz.records.leads import consent, handing_over, identity, picklists, progress, triggers
from kariz.records.leads.models import Lead
from kariz.records.organizations.addresses import ADDRESS
from kariz.records.organizations.industries import INDUSTRIES, RATINGS

OPEN = ["is_open", "yes"]


@register
class LeadType(RecordType):
    model = Lead
    label = _("Lead")
    plural = _("Leads")
    icon = "user-plus"
    position = 10
    title = "title"
    subtitle = "company"
    columns = (
        "title", "company", "status", "temperature", "source", "phone", "email", "owner", "created_at", "completeness",
    )  # fmt: skip
    quick = ("name", "company", "phone", "email", "source", "exhibition")
    highlights = ("company", "phone", "email", "temperature", "source", "owner")
    search = (
        "title",
        "name",
        "company",
        "phone",
        "email",
        "company_phone",
        "company_email",
        "exhibition_phone",
    )
    board = path = "status"
    card = ("company", "temperature", "phone", "next_contact_on", "owner")
    totals = ("budget",)
    links = {"products": (_("Products"), "product"), "services": (_("Services"), "service")}
    expected = ("name", "phone", "email", "company", "areas_of_interest")
    locked = "is_converted"
    origin = ("interest",)
    together = (
        ("phone", *phones.VERIFICATION),
        ("status", "stage_entered_at", "refusal_reason", "refusal_note", "postponement_reason"),
        ("qualification", "qualified_at", "qualified_by"),
        ("type", "credited_to"),
        ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
        ("exhibition", "exhibition_contact", "exhibition_phone"),
        ("consent_text", "consented_at", "consent_withdrawn_at"),
        ("handed_to", "handed_on"),
        ADDRESS,
    )
    rights = {
        ShippedRole.HEAD_OF_SALES: Grant("all", "all", may_create=True, may_delete=True),
        ShippedRole.SALES_MANAGER: Grant("team", "team", may_create=True, may_delete=True),
        ShippedRole.SALESPERSON: Grant("own", "own", may_create=True, may_delete=True),
        ShippedRole.TELEMARKETER: Grant("own", "own", may_create=True),
        ShippedRole.MARKETER: Grant("all", "all", may_create=True),
        ShippedRole.DEALER: Grant("own", "own"),
    }
    layout = (
        Block("main", _("Lead"), (
            "salutation", "name", "owner", "company", "job_title", "acts_for", "is_authorised", "source", "status",
            "temperature", "rating", "is_incomplete",
        )),
        Block("reach", _("How to reach them"), (
            "phone", "email", "company_phone", "company_email", "fax", "website", "social_profiles",
            "is_do_not_call", "is_opted_out", "is_phone_verified", "phone_verified_at", "phone_verified_by",
        )),
        Block("wants", _("What they want"), (
            "interest_kind", "products", "services", "areas_of_interest", "needs", "budget", "currency", "readiness",
            "competitors", "objections", "expected_profit", "expected_cycle_days",
        )),
        Block("qualification", _("Qualification"), (
            "milestones", "qualification", "qualified_at", "qualified_by",
            "score", "touch_count", "stage_entered_at", "stale_on",
        )),
        Block("later", _("Next contact and refusal"), (
            "next_contact_on", "postponement_reason", "refusal_reason", "refusal_note",
        )),
        Block("origin", _("Where it came from"), (
            "type", "classification", "credited_to", "creation_mode", "capture_event", "request_type", "interest",
            "campaign", "list_name", "list_cost", "reacted_to",
            "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
        )),
        Block("exhibition", _("Exhibition"), ("exhibition", "exhibition_contact", "exhibition_phone")),
        Block("consent", _("Consent"), ("consent_text", "consented_at", "consent_withdrawn_at")),
        Block("firm", _("The company"), ("industry", "employees", "annual_revenue")),
        Block("address", _("Address"), ADDRESS),
        Block("handover", _("Handed over"), ("handed_to", "handed_on")),
        Block("conversion", _("Conversion"), (
            "is_open", "is_converted", "converted_at", "organization", "contact", "opportunity",
        )),
        Block("more", _("More"), ("description",)),
    )  # fmt: skip
    views = (
        View("open", _("Open leads"), {"all": [OPEN]}),
        View("new", _("New leads"), {"all": [["status", "is", "new"]]}),
        View("mine", _("My leads"), {"all": [["owner", "is_me"], OPEN]}),
        View("team", _("My team's"), {"all": [["owner", "in_my_team"], OPEN]}),
        View("unassigned", _("Nobody responsible"), {"all": [["owner", "empty"], OPEN]}),
        View("hot", _("Hot"), {"all": [["temperature", "is", "hot"], OPEN]}),
        View("stale", _("Stale"), {"all": [["stale_on", "past"], OPEN]}, "stale_on", (
            "title", "company", "status", "stage_entered_at", "stale_on", "phone", "owner",
        )),
        View("incomplete", _("Incomplete"), {"all": [["is_incomplete", "yes"], OPEN]}),
        View("under_filled", _("Under-filled"), {"all": [["completeness", "less", "60"], OPEN]}, "completeness"),
        View("unverified", _("Unverified phones"), {"all": [*phones.UNVERIFIED["all"], OPEN]}),
        View("postponed", _("Postponed"), {"all": [["status", "is", "postponed"]]}, "next_contact_on", (
            "title", "company", "next_contact_on", "postponement_reason", "phone", "owner",
        )),
        View("refused", _("Refused"), {"all": [["status", "is", "refused"]]}, "-updated_at", (
            "title", "company", "refusal_reason", "refusal_note", "phone", "owner",
        )),
        View("converted", _("Converted"), {"all": [["is_converted", "yes"]]}, "-converted_at", (
            "title", "company", "converted_at", "organization", "contact", "opportunity", "owner",
        )),
        View("all", _("All leads")),
    )  # fmt: skip
    choices = {
        "status": picklists.STATUSES,
        "source": picklists.SOURCES,
        "temperature": picklists.TEMPERATURES,
        "type": picklists.TYPES,
        "rating": RATINGS,
        "industry": INDUSTRIES,
        "salutation": SALUTATIONS,
        "acts_for": picklists.ACTS_FOR,
        "interest_kind": picklists.INTEREST_KINDS,
        "readiness": picklists.READINESS,
        "qualification": picklists.QUALIFICATIONS,
        "classification": picklists.CLASSIFICATIONS,
        "creation_mode": picklists.CREATION_MODES,
        "capture_event": picklists.CAPTURE_EVENTS,
        "request_type": picklists.REQUEST_TYPES,
        "milestones": picklists.MILESTONES,
        "refusal_reason": picklists.REFUSAL_REASONS,
        "postponement_reason": picklists.POSTPONEMENT_REASONS,
    }

    def prepare(self, draft: Draft) -> None:
        lead = cast(Lead, draft.record)
        identity.identify(draft, lead)
        progress.follow(draft, lead)
        consent.heed(draft, lead)
        phones.forget_changed(draft)

    def after_save(self, drafts: Sequence[Draft]) -> None:
        handing_over.follow(drafts)
        triggers.follow(drafts)
