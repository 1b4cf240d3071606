"""An import: files, how each is read into records, how far it has come, and the rows that failed."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kariz.core.models import ChangeBatch


class Import(models.Model):
    """One run over one or several files, all of it one batch."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=200)
    batch = models.ForeignKey(ChangeBatch, models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="import_user")]

    def __str__(self) -> str:
        return self.label

    @property
    def written_in(self) -> ChangeBatch:
        """The batch of everything it writes. Raises `ValueError` before it has begun."""
        if self.batch is None:
            raise ValueError(self)
        return self.batch


class ImportFile(models.Model):
    """One file of an import. `plan` says how it becomes records (see `plans.Step`); `next_row` is where to go on."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to="imports/%Y/%m/")
    name = models.CharField(max_length=200)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=2)
    header = models.JSONField(default=list)
    row_count = models.PositiveIntegerField(default=0)
    plan = models.JSONField(default=dict)
    next_row = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class FailedRow(models.Model):
    """A row that was not written, as it stood in the file, and why. `number` counts from 1 below the header."""

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="failures")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    reasons = models.JSONField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_failure_per_row")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"


class PendingLink(models.Model):
    """A link between two rows of the same file, made when all of them are written."""

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="pending_links")
    number = models.PositiveIntegerField()
    record_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    text = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.file_id} {self.number} {self.field}"


class SavedPlan(models.Model):
    """A plan kept by name, to be used again with the next files of the same source."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    steps = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class MadeUser(models.Model):
    """A user or team that an import made: undo takes them back where nothing else depends on them yet."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="made_users")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey("accounts.Team", models.CASCADE, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.of_id} {self.user_id or self.team_id}"
