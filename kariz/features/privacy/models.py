"""What is kept of consent, of erasures and of rules about what is kept."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _


class Channel(models.Model):
    """A way to reach people, or what their data is used for. The first ones are shipped; code may name their keys."""

    EMAIL, SMS, PHONE, POST, MESSENGER, DATA = "email", "sms", "phone", "post", "messenger", "data"
    SHIPPED = (
        (EMAIL, gettext_noop("E-mail")),
        (PHONE, gettext_noop("Phone")),
        (SMS, gettext_noop("SMS")),
        (MESSENGER, gettext_noop("Messenger")),
        (POST, gettext_noop("Post")),
        (DATA, gettext_noop("Use of the data")),
    )

    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(_("label"), max_length=100)
    position = models.PositiveIntegerField(default=0)
    is_hidden = models.BooleanField(_("hidden"), default=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        """Shipped channels are named in the reader's language, others in the administrator's words."""
        return gettext(self.label) if self.label else self.key


class Consent(models.Model):
    """What a person said about one channel, and by what that can be proved. Rows are added, never changed."""

    class State(models.TextChoices):
        GIVEN = "given", _("Given")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REFUSED = "refused", _("Refused")
        UNKNOWN = "unknown", _("Unknown")

    class Source(models.TextChoices):
        HAND = "hand", _("Recorded by hand")
        FORM = "form", _("A form")
        IMPORT = "import", _("An import")
        CALL = "call", _("A conversation")
        LETTER = "letter", _("A letter or an e-mail")
        FIELDS = "fields", _("The fields of the record")
        ORIGIN = "origin", _("The record that this was made of")

    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    channel = models.CharField(_("Channel"), max_length=40)
    state = models.CharField(_("State"), max_length=10, choices=State)
    at = models.DateTimeField(_("Date and time"), default=timezone.now)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    source = models.CharField(_("By what"), max_length=10, choices=Source, default=Source.HAND)
    text = models.TextField(_("The text that was shown"), blank=True, max_length=10_000)
    note = models.CharField(_("Note"), max_length=500, blank=True)
    url = models.URLField(_("Link to the proof"), max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["record_type", "record_id", "channel", "-at", "-id"], name="consent_record")
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} {self.channel} {self.state}"


class PersonalField(models.Model):
    """A field of which an administrator says otherwise than its type whether it is personal."""

    record_type = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    is_personal = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_type", "field"], name="one_word_per_field")]

    def __str__(self) -> str:
        return f"{self.record_type}.{self.field}"


class Erasure(models.Model):
    """The certificate of an erasure, without a personal value. `digest` is the SHA-256 of `told`, canonically written.

    `told` is `{"number", "at", "by", "asked_by", "reference", "way", "records", "places", "copies"}`; `records` holds
    `[record type, id, when it was created]`, which tells a record from a later one with the same id.
    """

    class Way(models.TextChoices):
        ANONYMISED = "anonymised", _("Anonymised")
        ERASED = "erased", _("Erased")

    class AskedBy(models.TextChoices):
        PERSON = "person", _("The person")
        AUTHORITY = "authority", _("An authority or a court")
        COMPANY = "company", _("The company itself")
        RULE = "rule", _("A retention rule")
        RESTORED = "restored", _("A restored backup")

    number = models.UUIDField(default=uuid.uuid4, unique=True)
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=10, choices=Way)
    asked_by = models.CharField(_("By whose request"), max_length=10, choices=AskedBy, default=AskedBy.PERSON)
    reference = models.CharField(_("Reference"), max_length=100, blank=True)
    record_count = models.PositiveIntegerField(default=0)
    told: models.JSONField[Any, Any] = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    batch = models.ForeignKey("core.ChangeBatch", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.number)


class AnonymisedRecord(models.Model):
    """A record that stays without its personal values: rules need not look at it again."""

    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_type", "record_id"], name="anonymised_once")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"


class RetentionRule(models.Model):
    """Records for which `where` holds go, or lose what is personal, every `every_days` days, while it `is_on`.

    `confirmed_count` of `confirmed_total` records is what a person has seen and agreed to.
    """

    class Way(models.TextChoices):
        DELETE = "delete", _("Delete, to be undone for 30 days")
        ANONYMISE = "anonymise", _("Anonymise, for good")

    name = models.CharField(_("Name"), max_length=150)
    record_type = models.CharField(max_length=40)
    where = models.JSONField(default=dict)
    way = models.CharField(_("What happens to them"), max_length=10, choices=Way, default=Way.DELETE)
    every_days = models.PositiveSmallIntegerField(
        _("Every … days"), default=7, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    spares_open = models.BooleanField(_("Leave records with open deals"), default=True)
    is_on = models.BooleanField(default=False)
    confirmed_count = models.PositiveIntegerField(null=True)
    confirmed_total = models.PositiveIntegerField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    last_run_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class RetentionRun(models.Model):
    """One run of a rule, which may be gone since: a batch, how far it has come, what was left as (id, reason).

    `reached` is the last id.
    `settled_at` is when what it deleted could be undone no more.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    rule = models.ForeignKey(RetentionRule, models.SET_NULL, null=True, related_name="runs")
    name = models.CharField(max_length=150)
    record_type = models.CharField(max_length=40)
    way = models.CharField(max_length=10, choices=RetentionRule.Way)
    batch = models.ForeignKey("core.ChangeBatch", models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    found_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    left_count = models.PositiveIntegerField(default=0)
    left: models.JSONField[Any, Any] = models.JSONField(default=list)
    reached = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.state}"
