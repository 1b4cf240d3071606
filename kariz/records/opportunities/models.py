"""Opportunities: everything about one deal from the first talk until it is won or lost."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kariz.core.columns import ChoiceColumn, MoneyColumn, PercentColumn
from kariz.core.models import Record, link_indexes, record_indexes
from kariz.core.sorting import SortIndex


def _link(to: str, label: Any, **attributes: Any) -> Any:
    return models.ForeignKey(
        to, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label, **attributes
    )


class Opportunity(Record):
    name = models.CharField(_("Name"), max_length=200)
    organization = _link("organizations.Organization", _("Organization"))
    primary_contact = _link("contacts.Contact", _("Main contact"))
    lead = _link("leads.Lead", _("Lead"), db_index=False)
    origin = ChoiceColumn(_("Origin"))
    pipeline = ChoiceColumn(_("Pipeline"), blank=False)
    stage = ChoiceColumn(_("Stage"), group="pipeline", blank=False)
    amount = MoneyColumn(_("Amount"))
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    probability = PercentColumn(_("Probability"))
    forecast_amount = MoneyColumn(
        _("Forecast amount"), editable=False, help_text=_("Amount x probability, computed on every save.")
    )
    expected_close_on = models.DateField(_("Expected close date"), null=True, blank=True)
    type = ChoiceColumn(_("Type"))
    source = ChoiceColumn(_("Source"))
    product = _link("products.Product", _("Product"))
    requested = models.TextField(_("What the customer wants"), blank=True)
    conditions = models.TextField(_("Conditions"), blank=True)
    competitors = models.CharField(_("Competitors"), max_length=250, blank=True)
    objections = models.TextField(_("Questions and concerns"), blank=True)
    next_step = models.CharField(_("Next step"), max_length=250, blank=True)
    next_contact_on = models.DateField(_("Next contact"), null=True, blank=True)
    loss_reason = ChoiceColumn(_("Loss reason"))
    loss_note = models.TextField(_("Why it was lost"), blank=True)
    engaged_on = models.DateField(_("Engaged on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    description = models.TextField(_("Description"), blank=True)
    outcome = ChoiceColumn(
        _("Outcome"),
        editable=False,
        help_text=_("Won, lost or on hold; empty while the opportunity is open."),
    )
    is_open = models.BooleanField(
        _("Still open"), default=True, editable=False, help_text=_("Neither won, nor lost, nor on hold.")
    )
    opened_on = models.DateField(
        _("Opened on"),
        null=True,
        editable=False,
        help_text=_("The day it was engaged, else the day it was entered."),
    )
    stage_entered_at = models.DateTimeField(
        _("In this stage since"), null=True, editable=False, help_text=_("When it came to its stage.")
    )
    stale_on = models.DateField(
        _("Stale after"), null=True, editable=False,
        help_text=_("The last day on which it is not too long in its stage, or open."),
    )  # fmt: skip
    cycle_days = models.IntegerField(
        _("Days to close"),
        null=True,
        editable=False,
        help_text=_("From the day it was opened to the day it was closed."),
    )

    class Meta:
        verbose_name = _("Opportunity")
        indexes = [
            *record_indexes("opportunity"),
            *link_indexes("opportunity", "lead"),
            models.Index(fields=["owner", "created_at", "id"], name="opportunity_owner_created"),
            # The first cards of each stage of a board.
            models.Index(fields=["pipeline", "stage", "-rank", "-id"], name="opportunity_board"),
            # Sums are read from these alone. The currency stands where it does so that nobody looks for cards in them;
            # the id is for those with whom some records are shared.
            models.Index(
                fields=[
                    "pipeline",
                    "stage",
                    "currency",
                    "owner",
                    "amount",
                    "forecast_amount",
                    "is_open",
                    "id",
                ],
                condition=Q(is_open=True),
                name="opportunity_open_sums",
            ),
            models.Index(
                fields=["owner", "currency", "pipeline", "stage", "amount", "forecast_amount"],
                name="opportunity_sums",
            ),
            # Sorts and periods, and the sums over periods.
            SortIndex(
                fields=[
                    "expected_close_on",
                    "id",
                    "is_open",
                    "owner",
                    "pipeline",
                    "stage",
                    "currency",
                    "amount",
                    "forecast_amount",
                ],
                name="opportunity_expected",
            ),
            SortIndex(
                fields=["outcome", "closed_on", "id", "owner", "currency", "amount", "forecast_amount"],
                name="opportunity_closed",
            ),
            SortIndex(
                fields=["stale_on", "id", "owner", "is_open"],
                condition=Q(is_open=True),
                name="opportunity_stale",
            ),
            SortIndex(fields=["next_contact_on", "id"], name="opportunity_next_contact"),
            SortIndex(fields=["amount", "id"], name="opportunity_amount"),
        ]

    def __str__(self) -> str:
        return self.name
