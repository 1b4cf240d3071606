"""An import: files, how each is read into records, how far it has come, and the rows that failed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from kariz.core.models import ChangeBatch
from kariz.features.transfer.sources import Source, reopen
from kariz.lib.text import fold


class Import(models.Model):
    """One run over one or several files, all of it one batch. `job` is the latest: of reading, checking or running.

    `started_at` and `started_row` are of the latest start, so that the rate is that of now.
    """

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
    started_at = models.DateTimeField(null=True)
    started_row = models.PositiveIntegerField(default=0)
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
    """One file of an import; `next_row` is where to go on.

    `reading` says how it is read (see `sources`), `plan` how it becomes records (see `plans.Step`), `fingerprint` which
    files have the same columns. `unknown` is what reading it found (see `surveying`), `checked` what the dry run did
    (see `outcomes.Tally`), both null until then. `problems` is kind → [count, first rows] of the run.
    """

    COUNTS = ("created_count", "updated_count", "skipped_count", "failed_count")

    of = models.ForeignKey(Import, models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to="imports/%Y/%m/")
    name = models.CharField(max_length=200)
    reading = models.JSONField(default=dict)
    encoding = models.CharField(max_length=20, default="")
    delimiter = models.CharField(max_length=2, default="")
    header = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, default="")
    row_count = models.PositiveIntegerField(default=0)
    plan = models.JSONField(default=dict)
    unknown = models.JSONField(null=True)
    checked = models.JSONField(null=True)
    next_row = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=dict)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["fingerprint", "-id"], name="import_columns")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return Path(self.file.path)

    def source(self) -> Source:
        """Its rows, read as it was recognised."""
        return reopen(self.path, self.reading)

    def keep(self, run: Import, **found: Any) -> None:
        """Keep what a job found out, unless the person has answered otherwise meanwhile and forgotten the job."""
        ImportFile.objects.filter(pk=self.pk, of__job=run.job_id).update(**found)

    def be_read_as(self, source: Source) -> None:
        """Keep how it is read, and what comes of that. Raises `Unreadable` where its rows cannot be counted."""
        self.reading, self.header, self.row_count = source.as_json(), source.header, source.count()
        self.encoding, self.delimiter = source.encoding, source.delimiter
        self.fingerprint = fingerprint(source.header)


def fingerprint(header: Sequence[str]) -> str:
    """What files with the same columns have in common; that of failed rows is none of the file's own."""
    return hashlib.sha256("\n".join(own_titles(header)).encode()).hexdigest()


def own_titles(header: Sequence[str]) -> list[str]:
    """The folded titles without the last one where a file of failed rows has come again."""
    titles = [fold(title) for title in header]
    return titles[:-1] if titles and titles[-1] in _reasons() else titles


@cache
def _reasons() -> set[str]:
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(fold(gettext("Reason")))
    return found


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
    text = models.TextField()

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
