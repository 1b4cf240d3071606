"""Profiles of customers: who is meant, as a condition, and what was found out about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Profile(models.Model):
    """An ideal customer of one record type; whoever fulfils `where` fits it."""

    name = models.CharField(_("Name"), max_length=150)
    record_type = models.CharField(max_length=40)
    where = models.JSONField(default=dict)
    needs = models.TextField(_("Needs"), blank=True)
    pain_points = models.TextField(_("Pain points"), blank=True)
    findings = models.TextField(_("Findings of market research"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
