"""The roles that are shipped: what each may do with a record type is declared by that type."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShippedRole(models.TextChoices):
    """The keys and names of the shipped roles; each has a profile with the same key and name."""

    ADMINISTRATOR = "administrator", _("Administrator")
    HEAD_OF_SALES = "head_of_sales", _("Head of sales")
    SALES_MANAGER = "sales_manager", _("Sales manager")
    SALESPERSON = "salesperson", _("Salesperson")
    TELEMARKETER = "telemarketer", _("Telemarketer")
    MARKETER = "marketer", _("Marketer")
    DEALER = "dealer", _("Dealer")


# Roles of people who work for somebody else.
EXTERNAL = frozenset({ShippedRole.DEALER})

# Who stands below whom in the role tree as it is shipped.
ABOVE = {
    ShippedRole.HEAD_OF_SALES: ShippedRole.ADMINISTRATOR,
    ShippedRole.MARKETER: ShippedRole.ADMINISTRATOR,
    ShippedRole.SALES_MANAGER: ShippedRole.HEAD_OF_SALES,
    ShippedRole.SALESPERSON: ShippedRole.SALES_MANAGER,
    ShippedRole.TELEMARKETER: ShippedRole.SALES_MANAGER,
    ShippedRole.DEALER: ShippedRole.HEAD_OF_SALES,
}


class Skill(models.TextChoices):
    BEGINNER = "beginner", _("Beginner")
    EXPERIENCED = "experienced", _("Experienced")
    BEST = "best", _("Best")
