"""Who took which records out, in which form, how many, and when: kept for good; the files are not."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kariz.features.export.orders import Order


class ExportRun(models.Model):
    """One export. `order` is what was asked for, `count` how many records were written so far.

    What is answered at once has no `job` and leaves no `file`; without a `user` the program itself exported.
    """

    class State(models.TextChoices):
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

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="export_user"),
            models.Index(fields=["finished_at"], condition=~models.Q(file=""), name="export_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.pk}"

    @property
    def asked(self) -> Order:
        return Order.of(self.order)

    def end(self, state: State, count: int) -> None:
        self.state, self.count, self.finished_at = state, count, timezone.now()
        self.save(update_fields=["state", "count", "finished_at"])
