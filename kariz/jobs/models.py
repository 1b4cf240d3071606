"""A job: a row that says what to run, when, and how far it has come."""

from collections.abc import Callable

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from kariz.jobs.states import State


class Job(models.Model):
    """A job with `every` is a schedule: its one row goes back to waiting, until its next run, each time it ends."""

    name = models.CharField(max_length=100)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    priority = models.SmallIntegerField(default=0)
    unique_key = models.CharField(max_length=200, blank=True)
    every = models.DurationField(null=True)

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    run_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    leased_until = models.DateTimeField(null=True)

    done_count = models.PositiveBigIntegerField(default=0)
    total_count = models.PositiveBigIntegerField(null=True)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    error = models.TextField(blank=True)

    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(every__isnull=False), name="one_job_a_schedule"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "run_at", "id"], condition=models.Q(state=State.WAITING), name="jobs_due"
            ),
            models.Index(
                fields=["leased_until"], condition=models.Q(state=State.RUNNING), name="jobs_leased"
            ),
            models.Index(
                fields=["unique_key"], condition=models.Q(state=State.WAITING), name="jobs_unique_key"
            ),
            models.Index(fields=["finished_at"], name="jobs_finished"),
        ]

    on_progress: Callable[[], None] | None = None  # set by the worker that runs the job

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Tell how far the task is; cheap enough to do for every row. Raises `Cancelled` if a user cancelled it."""
        self.done_count, self.total_count, self.message = done, total, message[:300]
        if self.on_progress:
            self.on_progress()

    def cancel(self) -> bool:
        """Never start the job, or end it at its next word of progress. False if it has ended or is a schedule."""
        open_states = (State.WAITING, State.RUNNING)
        job = Job.objects.filter(pk=self.pk, state__in=open_states, every__isnull=True)
        return bool(job.update(state=State.CANCELLED, finished_at=timezone.now()))
