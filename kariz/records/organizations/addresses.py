"""The postal address of a record."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Addressed(models.Model):
    """A record with an address of its own."""

    street = models.CharField(_("Street"), max_length=250, blank=True)
    city = models.CharField(_("City"), max_length=100, blank=True)
    state = models.CharField(_("Region"), max_length=100, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    po_box = models.CharField(_("Post box"), max_length=40, blank=True)
    country = models.CharField(_("Country"), max_length=100, blank=True)

    class Meta:
        abstract = True


ADDRESS = ("street", "city", "state", "postal_code", "po_box", "country")
