"""Interests: what somebody showed before giving any way to be reached."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kariz.core.columns import ChoiceColumn, PhoneColumn
from kariz.core.models import Record, record_indexes


class Interest(Record):
    name = models.CharField(_("Subject"), max_length=200)
    source = ChoiceColumn(_("Source"))
    network = ChoiceColumn(_("Network"))
    interest_kind = ChoiceColumn(_("Kind of interest"))
    text = models.TextField(_("What they wrote or said"), blank=True)
    page = models.URLField(_("Where it was seen"), blank=True, max_length=500)
    shown_at = models.DateTimeField(_("Shown at"), null=True, blank=True)
    person = models.CharField(_("Person"), max_length=150, blank=True)
    handle = models.CharField(_("Name in the network"), max_length=100, blank=True)
    company = models.CharField(_("Company"), max_length=200, blank=True)
    phone = PhoneColumn(_("Phone"))
    email = models.EmailField(_("E-mail"), blank=True)
    campaign = models.CharField(_("Campaign"), max_length=150, blank=True)
    description = models.TextField(_("Description"), blank=True)
    is_promoted = models.BooleanField(
        _("Has become a lead"), default=False, editable=False, help_text=_("A lead was made from it.")
    )
    promoted_at = models.DateTimeField(
        _("Became a lead at"), null=True, editable=False, help_text=_("When the lead was made from it.")
    )

    class Meta:
        verbose_name = _("Interest")
        indexes = record_indexes("interest")

    def __str__(self) -> str:
        return self.name
