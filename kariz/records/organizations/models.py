"""Organizations: the customers, partners and competitors that are firms."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kariz.core.columns import ChoiceColumn, MoneyColumn, PhoneColumn
from kariz.core.models import Record, link_indexes, record_indexes
from kariz.records.organizations.addresses import Addressed
from kariz.records.organizations.legal import LegalColumn


class Organization(Addressed, Record):
    name = models.CharField(_("Name"), max_length=200)
    type = ChoiceColumn(_("Type"))
    industry = ChoiceColumn(_("Industry"))
    sub_industry = models.CharField(_("Sub-industry"), max_length=100, blank=True)
    rating = ChoiceColumn(_("Rating"))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("Part of"),
    )
    phone = PhoneColumn(_("Phone"))
    other_phone = PhoneColumn(_("Other phone"))
    fax = PhoneColumn(_("Fax"))
    email = models.EmailField(_("E-mail"), blank=True)
    other_email = models.EmailField(_("Other e-mail"), blank=True)
    website = models.URLField(_("Website"), blank=True)
    social_profiles = models.TextField(_("Social profiles"), blank=True)
    employees = models.PositiveIntegerField(_("Employees"), null=True, blank=True)
    annual_revenue = MoneyColumn(_("Annual revenue"))
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    year_established = models.PositiveSmallIntegerField(_("Year established"), null=True, blank=True)
    ownership = models.CharField(_("Ownership"), max_length=100, blank=True)
    ticker_symbol = models.CharField(_("Ticker symbol"), max_length=20, blank=True)
    industry_code = models.CharField(_("Industry code"), max_length=20, blank=True)
    tax_number = LegalColumn(number="tax_number")
    registry_code = LegalColumn(number="registry_code")
    certificate_number = LegalColumn(number="certificate_number")
    shipping_street = models.CharField(_("Delivery street"), max_length=250, blank=True)
    shipping_city = models.CharField(_("Delivery city"), max_length=100, blank=True)
    shipping_state = models.CharField(_("Delivery region"), max_length=100, blank=True)
    shipping_postal_code = models.CharField(_("Delivery postal code"), max_length=20, blank=True)
    shipping_country = models.CharField(_("Delivery country"), max_length=100, blank=True)
    needs = models.TextField(_("Needs"), blank=True)
    is_opted_out = models.BooleanField(_("No mailings"), default=False)
    is_do_not_call = models.BooleanField(_("Do not call"), default=False)
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
        verbose_name = _("Organization")
        indexes = [
            *record_indexes("organization"),
            *link_indexes("organization", "parent", "lead"),
            models.Index(fields=["owner", "sort_name", "id"], name="organization_owner_name"),
            models.Index(fields=["industry", "id"], name="organization_industry"),
            models.Index(fields=["email"], name="organization_email"),
        ]

    def __str__(self) -> str:
        return self.name
