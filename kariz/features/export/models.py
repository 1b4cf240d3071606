"""Who took which records out, in which form, how many, and when: kept for good, the files are not; what is large."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kariz.features.export.orders import Order


class ExportRun(models.Model):
    """One export. `order` is what was asked for, `total` how many records that were, `count` how many were written.

    What is answered at once has no `job` and leaves no `file`; without a `user` the program itself exported. A large
    one may have waited for somebody else, who let it go ahead or gave the `reason` why not.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for approval")
        REFUSED = "refused", _("Refused")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    record_type = models.CharField(max_length=40)
    order = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    count = models.PositiveIntegerField(default=0)
    file = models.FileField(max_length=200, blank=True)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    reason = models.CharField(_("Reason"), max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="export_user"),
            models.Index(fields=["finished_at"], condition=~models.Q(file=""), name="export_kept"),
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="export_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.pk}"

    @property
    def asked(self) -> Order:
        return Order.of(self.order)

    def end(self, state: State, count: int) -> None:
        self.state, self.count, self.finished_at = state, count, timezone.now()
        self.save(update_fields=["state", "count", "finished_at"])


class ExportSetting(models.Model):
    """The one row. From `large_from` records on administrators are told; with `needs_approval` one of them decides."""

    large_from = models.PositiveIntegerField(
        _("Large is an export from this many records on"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    needs_approval = models.BooleanField(_("A second person has to approve large exports"), default=False)

    def __str__(self) -> str:
        return str(_("Exports"))

    @classmethod
    def current(cls) -> ExportSetting:
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    def is_large(self, total: int) -> bool:
        return self.large_from is not None and total >= self.large_from
