"""What administrators have decided about backups."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class BackupSetting(models.Model):
    """The one row. `hour` is of the company's time zone; `kept` is how many daily backups stay."""

    is_daily = models.BooleanField(_("Every day"), default=False)
    hour = models.PositiveSmallIntegerField(_("Hour"), default=3, validators=[MaxValueValidator(23)])
    kept = models.PositiveSmallIntegerField(
        _("Backups to keep"), default=14, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    last_day = models.DateField(null=True, editable=False)

    def __str__(self) -> str:
        return str(_("Backups"))

    @classmethod
    def current(cls) -> BackupSetting:
        return cls.objects.filter(pk=1).first() or cls(pk=1)
