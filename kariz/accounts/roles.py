"""The roles a person can have. What a role may do with a record type is declared by that type."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    HEAD_OF_SALES = "head_of_sales", _("Head of sales")
    SALES_MANAGER = "sales_manager", _("Sales manager")
    SALESPERSON = "salesperson", _("Salesperson")
    TELEMARKETER = "telemarketer", _("Telemarketer")
    MARKETER = "marketer", _("Marketer")
    DEALER = "dealer", _("Dealer")


# Roles of people who work for somebody else.
EXTERNAL = frozenset({Role.DEALER})


class Skill(models.TextChoices):
    BEGINNER = "beginner", _("Beginner")
    EXPERIENCED = "experienced", _("Experienced")
    BEST = "best", _("Best")
