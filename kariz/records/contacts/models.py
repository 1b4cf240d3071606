"""Contacts: people, customers themselves or at the organization that is one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kariz.core.columns import ChoiceColumn, PhoneColumn
from kariz.core.models import Record, link_indexes, record_indexes
from kariz.records.organizations.addresses import Addressed
from kariz.records.organizations.legal import LegalColumn


class Contact(Addressed, Record):
    salutation = ChoiceColumn(_("Salutation"))
    name = models.CharField(_("Full name"), max_length=150)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Organization"),
    )
    job_title = models.CharField(_("Job title"), max_length=100, blank=True)
    department = models.CharField(_("Department"), max_length=100, blank=True)
    reports_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("Reports to"),
    )
    is_authorised = models.BooleanField(_("May decide for the organization"), default=False)
    phone = PhoneColumn(_("Phone"))
    mobile = PhoneColumn(_("Mobile"))
    home_phone = PhoneColumn(_("Home phone"))
    other_phone = PhoneColumn(_("Other phone"))
    fax = PhoneColumn(_("Fax"))
    email = models.EmailField(_("E-mail"), blank=True)
    other_email = models.EmailField(_("Other e-mail"), blank=True)
    website = models.URLField(_("Website"), blank=True)
    social_profiles = models.TextField(_("Social profiles"), blank=True)
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
    phone_verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("Phone verified by"),
        help_text=_("Who made sure of the number."),
    )
    is_do_not_call = models.BooleanField(_("Do not call"), default=False)
    is_opted_out = models.BooleanField(_("No mailings"), default=False)
    is_reference = models.BooleanField(_("Reference"), default=False)
    birthday = models.DateField(_("Birthday"), null=True, blank=True)
    source = ChoiceColumn(_("Source"))
    assistant = models.CharField(_("Assistant"), max_length=150, blank=True)
    assistant_phone = PhoneColumn(_("Assistant's phone"))
    personal_number = LegalColumn(number="personal_number")
    other_street = models.CharField(_("Other street"), max_length=250, blank=True)
    other_city = models.CharField(_("Other city"), max_length=100, blank=True)
    other_state = models.CharField(_("Other region"), max_length=100, blank=True)
    other_postal_code = models.CharField(_("Other postal code"), max_length=20, blank=True)
    other_country = models.CharField(_("Other country"), max_length=100, blank=True)
    needs = models.TextField(_("Needs"), blank=True)
    description = models.TextField(_("Description"), blank=True)
    lead = models.ForeignKey(
        "leads.Lead",
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("Lead"),
        help_text=_("The lead that this was made from."),
    )

    class Meta:
        verbose_name = _("Contact")
        indexes = [
            *record_indexes("contact"),
            *link_indexes("contact", "reports_to", "lead"),
            models.Index(fields=["owner", "sort_name", "id"], name="contact_owner_name"),
            models.Index(fields=["email"], name="contact_email"),
        ]

    def __str__(self) -> str:
        return self.name
