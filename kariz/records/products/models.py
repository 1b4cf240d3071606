"""Products and services: the two catalogues of what the company sells."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kariz.core.columns import ChoiceColumn, MoneyColumn, PercentColumn
from kariz.core.models import Record, record_indexes


class CatalogueItem(Record):
    """What products and services have in common."""

    name = models.CharField(_("Name"), max_length=200)
    code = models.CharField(_("Code"), max_length=60, null=True, blank=True, unique=True)
    is_withdrawn = models.BooleanField(_("Withdrawn from sale"), default=False)
    category = ChoiceColumn(_("Category"))
    unit = ChoiceColumn(_("Unit"))
    unit_price = MoneyColumn(_("Unit price"))
    unit_cost = MoneyColumn(_("Unit cost"))
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    tax = PercentColumn(_("Tax (%)"))
    commission = PercentColumn(_("Commission (%)"))
    sale_starts_on = models.DateField(_("On sale from"), null=True, blank=True)
    sale_ends_on = models.DateField(_("On sale until"), null=True, blank=True)
    support_starts_on = models.DateField(_("Support from"), null=True, blank=True)
    support_ends_on = models.DateField(_("Support until"), null=True, blank=True)
    website = models.URLField(_("Website"), blank=True)
    description = models.TextField(_("Description"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Product(CatalogueItem):
    series = models.CharField(_("Series"), max_length=100, blank=True)
    manufacturer = models.CharField(_("Manufacturer"), max_length=150, blank=True)
    vendor = models.CharField(_("Vendor"), max_length=150, blank=True)
    manufacturer_code = models.CharField(_("Manufacturer's part number"), max_length=60, blank=True)
    vendor_code = models.CharField(_("Vendor's part number"), max_length=60, blank=True)
    serial_number = models.CharField(_("Serial number"), max_length=60, blank=True)
    quantity_per_unit = models.DecimalField(
        _("Quantity per unit"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    quantity_in_stock = models.DecimalField(
        _("In stock"), max_digits=15, decimal_places=3, null=True, blank=True
    )
    quantity_in_demand = models.DecimalField(
        _("In demand"), max_digits=15, decimal_places=3, null=True, blank=True
    )
    reorder_level = models.DecimalField(
        _("Reorder level"), max_digits=15, decimal_places=3, null=True, blank=True
    )

    class Meta:
        verbose_name = _("Product")
        indexes = record_indexes("product")


class Service(CatalogueItem):
    class Meta:
        verbose_name = _("Service")
        indexes = record_indexes("service")
