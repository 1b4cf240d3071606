"""What administrators have decided about the audit log."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditSetting(models.Model):
    """The one row. `kept_months` is how long entries stay; empty: for good."""

    kept_months = models.PositiveSmallIntegerField(_("Keep entries for"), null=True, blank=True)

    def __str__(self) -> str:
        return str(_("Audit log"))

    @classmethod
    def current(cls) -> AuditSetting:
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class ViewSetting(models.Model):
    """Of how many views of a type's records one is noted: 1 is all, no row or 0 is none."""

    record_type = models.CharField(max_length=40, primary_key=True)
    every = models.PositiveIntegerField(_("Noted: one view in"), default=0)

    def __str__(self) -> str:
        return self.record_type
