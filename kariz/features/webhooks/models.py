"""Where changes are sent, and each thing that was sent: what, when, and what came back."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kariz.core.models import Change
from kariz.features.webhooks import signing


class Webhook(models.Model):
    """An address that hears of changes, as far as its owner may see them.

    `narrowed` maps a record type to `{"fields": [names], "where": condition}`: updates are sent that change one of the
    fields, and changes of records that fulfil the condition. Both may be left out.
    """

    name = models.CharField(_("Name"), max_length=100)
    url = models.CharField(_("URL"), max_length=1000)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Sees as")
    )
    record_types = models.JSONField(_("Record types"), default=list)
    kinds = models.JSONField(_("Kinds of change"), default=list)
    narrowed = models.JSONField(default=dict)
    is_active = models.BooleanField(_("Active"), default=True)
    secret = models.CharField(max_length=100, default=signing.new_secret)
    old_secret = models.CharField(max_length=100, blank=True)
    old_secret_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    # How sending goes: `failures` in a row, since when; not before `resume_at`; by one job at a time.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    resume_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    switched_off_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def wants(self, record_type: str, kind: str, values: dict[str, object]) -> bool:
        """Whether it is to hear of such a change, its condition aside."""
        if record_type not in self.record_types or kind not in self.kinds:
            return False
        fields = self.fields_of(record_type)
        return kind != Change.Kind.UPDATED or not fields or not fields.isdisjoint(values)

    def fields_of(self, record_type: str) -> frozenset[str]:
        return frozenset(self.narrowed.get(record_type, {}).get("fields", ()))

    def where_of(self, record_type: str) -> object:
        return self.narrowed.get(record_type, {}).get("where")


class Delivery(models.Model):
    """One message of one webhook. `change` is the id of what it tells of; a test tells of none.

    The body is made once: every try sends the same bytes. The answer is that of the last try; `earlier` tells of
    those before it, each as `{"at", "status", "error", "milliseconds"}`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RETRYING = "retrying", _("To be tried again")
        DELIVERED = "delivered", _("Delivered")
        DEAD = "dead", _("Failed")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_index=False)
    change = models.BigIntegerField(null=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    event = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=20, blank=True)
    error_detail = models.CharField(max_length=500, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer_headers = models.JSONField(default=list)
    answer = models.TextField(blank=True)
    is_answer_cut = models.BooleanField(default=False)
    earlier = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "change"], name="one_delivery_per_change")]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_log"),
            models.Index(fields=["webhook", "state", "id"], name="delivery_state"),
            models.Index(
                fields=["webhook", "next_at"], condition=models.Q(next_at__isnull=False), name="delivery_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"

    @property
    def is_test(self) -> bool:
        return self.change is None

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RETRYING)
