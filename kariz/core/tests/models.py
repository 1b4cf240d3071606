"""Two record types with a field of every kind: ports, and the ships that call at them."""

from django.db import models

from kariz.core.columns import ChoiceColumn, ChoicesColumn, MoneyColumn, PercentColumn, PhoneColumn
from kariz.core.models import Record, record_indexes


class Port(Record):
    name = models.CharField("Name", max_length=100)
    country = ChoiceColumn("Country")

    class Meta:
        indexes = record_indexes("port")

    def __str__(self):
        return self.name


class Ship(Record):
    name = models.CharField("Name", max_length=100)
    code = models.CharField("Code", max_length=20, null=True, blank=True, unique=True)
    kind = ChoiceColumn("Kind")
    route = ChoiceColumn("Route")
    stage = ChoiceColumn("Stage", group="route")
    flags = ChoicesColumn("Flags")
    crew = models.PositiveIntegerField("Crew", null=True, blank=True)
    length = models.DecimalField("Length", max_digits=8, decimal_places=2, null=True, blank=True)
    price = MoneyColumn("Price")
    currency = models.CharField("Currency", max_length=3, default="", blank=True)
    chance = PercentColumn("Chance")
    expected_price = MoneyColumn("Expected price", editable=False, help_text="Price x chance.")
    built_on = models.DateField("Built", null=True, blank=True)
    sails_at = models.DateTimeField("Sails", null=True, blank=True)
    is_insured = models.BooleanField("Insured", default=False)
    email = models.EmailField("E-mail", blank=True)
    phone = PhoneColumn("Phone")
    website = models.URLField("Website", blank=True)
    notes = models.TextField("Notes", blank=True)
    home = models.ForeignKey(
        Port, models.PROTECT, null=True, blank=True, verbose_name="Home port", related_name="+"
    )
    is_sunk = models.BooleanField(default=False, editable=False)

    class Meta:
        indexes = record_indexes("ship")

    def __str__(self):
        return self.name
