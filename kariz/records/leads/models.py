"""Leads: people who may want to buy and who are no customers yet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kariz.core.columns import ChoiceColumn, ChoicesColumn, MoneyColumn, PhoneColumn
from kariz.core.models import Record, link_indexes, record_indexes
from kariz.core.sorting import SortIndex
from kariz.records.organizations.addresses import Addressed


def _link(to: str, label: Any, **attributes: Any) -> Any:
    attributes = {"blank": True, "db_index": False} | attributes
    return models.ForeignKey(
        to, models.PROTECT, null=True, related_name="+", verbose_name=label, **attributes
    )


def _person(label: Any, **attributes: Any) -> Any:
    return _link(settings.AUTH_USER_MODEL, label, **attributes)


class Lead(Addressed, Record):
    title = models.CharField(
        _("Lead"),
        max_length=200,
        blank=True,
        editable=False,
        help_text=_("The person, else the company, else the address or number."),
    )

    # Who it is
    salutation = ChoiceColumn(_("Salutation"))
    name = models.CharField(_("Full name"), max_length=150, blank=True)
    company = models.CharField(_("Company"), max_length=200, blank=True)
    job_title = models.CharField(_("Job title"), max_length=100, blank=True)
    acts_for = ChoiceColumn(_("Acts for"))
    is_authorised = models.BooleanField(_("May decide for the company"), default=False)
    is_incomplete = models.BooleanField(
        _("Incomplete"),
        default=False,
        editable=False,
        help_text=_("No named person: not counted among leads."),
    )

    # How to reach them
    phone = PhoneColumn(_("Phone"))
    email = models.EmailField(_("E-mail"), blank=True)
    company_phone = PhoneColumn(_("Company phone"))
    company_email = models.EmailField(_("Company e-mail"), blank=True)
    fax = PhoneColumn(_("Fax"))
    website = models.URLField(_("Website"), blank=True)
    social_profiles = models.TextField(_("Social profiles"), blank=True)
    is_do_not_call = models.BooleanField(_("Do not call"), default=False)
    is_opted_out = models.BooleanField(_("No mailings"), default=False)
    is_phone_verified = models.BooleanField(
        _("Phone verified"),
        default=False,
        editable=False,
        help_text=_("Somebody has made sure of the number."),
    )
    phone_verified_at = models.DateTimeField(
        _("Phone verified at"),
        null=True,
        editable=False,
        help_text=_("When somebody made sure of the number."),
    )
    phone_verified_by = _person(
        _("Phone verified by"), editable=False, help_text=_("Who made sure of the number.")
    )

    # Where it stands
    status = ChoiceColumn(_("Lead status"), blank=False)
    is_open = models.BooleanField(
        _("Still open"),
        default=True,
        editable=False,
        help_text=_("Still worked on: neither acquired, refused, postponed nor converted."),
    )
    temperature = ChoiceColumn(_("Temperature"))
    rating = ChoiceColumn(_("Rating"))
    readiness = ChoiceColumn(_("Ready to buy"))
    qualification = ChoiceColumn(_("Qualification"))
    qualified_at = models.DateTimeField(
        _("Qualified at"), null=True, editable=False, help_text=_("When the qualification was decided.")
    )
    qualified_by = _person(
        _("Qualified by"), editable=False, help_text=_("Who decided on the qualification.")
    )
    score = models.IntegerField(
        _("Score"), default=0, editable=False, help_text=_("Computed from the scoring rules.")
    )
    touch_count = models.PositiveIntegerField(
        _("Touches"),
        default=0,
        editable=False,
        help_text=_("Calls, e-mails, meetings, messages and responses so far."),
    )
    stage_entered_at = models.DateTimeField(
        _("In this status since"), null=True, editable=False, help_text=_("When it came to its status.")
    )
    stale_on = models.DateField(
        _("Stale after"),
        null=True,
        editable=False,
        help_text=_("The last day on which its status is not too old."),
    )
    next_contact_on = models.DateField(_("Next contact"), null=True, blank=True)
    postponement_reason = ChoiceColumn(_("Why it was postponed"))
    refusal_reason = ChoiceColumn(_("Refusal reason"))
    refusal_note = models.TextField(_("What they said"), blank=True)

    # What they want
    interest_kind = ChoiceColumn(_("Kind of interest"))
    areas_of_interest = models.TextField(_("Areas of interest"), blank=True)
    needs = models.TextField(_("Needs"), blank=True)
    budget = MoneyColumn(_("Budget"))
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    competitors = models.CharField(_("Competitors"), max_length=250, blank=True)
    objections = models.TextField(_("Questions and concerns"), blank=True)
    expected_profit = MoneyColumn(_("Expected profit"))
    expected_cycle_days = models.PositiveIntegerField(_("Expected days to close"), null=True, blank=True)

    # Where it came from
    source = ChoiceColumn(_("Lead source"), blank=False)
    type = ChoiceColumn(_("Type"))
    classification = ChoiceColumn(_("Classification"))
    credited_to = _person(_("Won by the effort of"))
    creation_mode = ChoiceColumn(
        _("How it was created"), editable=False, help_text=_("By hand or by a channel.")
    )
    capture_event = ChoiceColumn(_("Came by"))
    request_type = ChoiceColumn(_("Request type"))
    milestones = ChoicesColumn(_("Reached so far"))
    interest = _link("interests.Interest", _("Interest"))
    campaign = models.CharField(_("Campaign"), max_length=150, blank=True)
    list_name = models.CharField(_("List it was bought with"), max_length=150, blank=True)
    list_cost = MoneyColumn(_("Cost of the list"))
    reacted_to = models.CharField(_("Reacted to"), max_length=250, blank=True)
    utm_source = models.CharField(_("UTM source"), max_length=100, blank=True)
    utm_medium = models.CharField(_("UTM medium"), max_length=100, blank=True)
    utm_campaign = models.CharField(_("UTM campaign"), max_length=150, blank=True)
    utm_term = models.CharField(_("UTM term"), max_length=150, blank=True)
    utm_content = models.CharField(_("UTM content"), max_length=150, blank=True)
    exhibition = models.CharField(_("Exhibition or place"), max_length=150, blank=True)
    exhibition_contact = models.CharField(_("Talked there with"), max_length=150, blank=True)
    exhibition_phone = PhoneColumn(_("Phone of that person"))
    consent_text = models.TextField(_("Consent"), blank=True)
    consented_at = models.DateTimeField(_("Consented at"), null=True, blank=True)
    consent_withdrawn_at = models.DateTimeField(_("Consent withdrawn at"), null=True, blank=True)

    # The firm
    industry = ChoiceColumn(_("Industry"))
    employees = models.PositiveIntegerField(_("Employees"), null=True, blank=True)
    annual_revenue = MoneyColumn(_("Annual revenue"))
    description = models.TextField(_("Description"), blank=True)

    # What became of it
    handed_to = _link("organizations.Organization", _("Handed over to"))
    handed_on = models.DateField(_("Handed over on"), null=True, blank=True)
    is_converted = models.BooleanField(
        _("Converted"), default=False, editable=False, help_text=_("It has become a customer, and is locked.")
    )
    converted_at = models.DateTimeField(
        _("Converted at"), null=True, editable=False, help_text=_("The moment it became a customer.")
    )
    organization = _link(
        "organizations.Organization",
        _("Organization"),
        editable=False,
        help_text=_("The organization it became."),
    )
    contact = _link("contacts.Contact", _("Contact"), editable=False, help_text=_("The contact it became."))
    opportunity = _link(
        "opportunities.Opportunity",
        _("Opportunity"),
        editable=False,
        help_text=_("The opportunity it became."),
    )

    class Meta:
        verbose_name = _("Lead")
        indexes = [
            *record_indexes("lead"),
            models.Index(fields=["owner", "created_at", "id"], name="lead_owner_created"),
            models.Index(fields=["owner", "status", "created_at", "id"], name="lead_owner_status"),
            models.Index(fields=["status", "created_at", "id"], name="lead_status"),
            models.Index(fields=["status", "-rank", "-id"], name="lead_board"),
            models.Index(fields=["score", "id"], name="lead_score"),
            SortIndex(fields=["stale_on", "id"], condition=Q(is_open=True), name="lead_stale"),
            SortIndex(fields=["next_contact_on", "id"], name="lead_next_contact"),
            SortIndex(fields=["converted_at", "id"], name="lead_converted"),
            models.Index(fields=["email"], name="lead_email"),
            # The sums of the board are read from it alone.
            models.Index(
                fields=["owner", "status", "currency", "budget", "id"],
                condition=Q(is_open=True),
                name="lead_open_sums",
            ),
            *link_indexes("lead", "interest", "handed_to", "organization", "contact", "opportunity"),
        ]

    def __str__(self) -> str:
        return self.title


class ConversionSetting(models.Model):
    """The one row of what administrators have changed.

    `mapping` is record type → its field → the lead's field; `triggers` is milestone → what it does.
    """

    mapping = models.JSONField(default=dict)
    triggers = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(_("Conversion"))
