"""What is kept of likeness: the rules, the keys by which records meet, the groups found, what people said of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MatchRule(models.Model):
    """A record type's rule as an administrator has changed it. `parts` is a list of `{"field", "kind", "weight"}`."""

    record_type = models.CharField(max_length=40, primary_key=True)
    parts = models.JSONField(default=list)
    threshold = models.PositiveSmallIntegerField(default=60)
    merges_from = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.record_type


class MatchKey(models.Model):
    """One key of one record: 63 bits that stand for a family, a kind and a normalised value.

    Only records that share a key are ever compared; what they really say is then read from the records.
    """

    pk = models.CompositePrimaryKey("key", "record_type", "record_id")
    key = models.BigIntegerField()
    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["record_type", "record_id"], name="match_key_record")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"


class DuplicateGroup(models.Model):
    """Records of one family that the last scan found to be possibly the same.

    `kinds` are the ways in which some of them agree, each between spaces; `batch` is who decided on them, and when.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To decide")
        APART = "apart", _("Kept separate")
        NEVER = "never", _("Never asked again")

    family = models.CharField(max_length=40)
    score = models.PositiveSmallIntegerField()
    kinds = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(default=timezone.now)
    batch = models.ForeignKey("core.ChangeBatch", models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["family", "state", "-score", "-id"], name="duplicate_queue")]

    def __str__(self) -> str:
        return f"{self.family} {self.pk}"


class DuplicateMember(models.Model):
    """A record in a group, with its highest score beside another member. `reasons` are the kinds that agree."""

    group = models.ForeignKey(DuplicateGroup, models.CASCADE, related_name="members")
    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    score = models.PositiveSmallIntegerField()
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "record_type", "record_id"], name="one_member_per_record"
            )
        ]
        indexes = [models.Index(fields=["record_type", "record_id"], name="duplicate_member_record")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"


class Scan(models.Model):
    """A look through everything that is under way, for the worker that goes on with its job; gone when it is done.

    `kinds` are the kinds of keys that it goes through, the one at `place` up to the key `reached`.
    """

    job = models.OneToOneField("jobs.Job", models.CASCADE, related_name="+")
    kinds: models.JSONField[Any, Any] = models.JSONField(default=list)
    place = models.PositiveSmallIntegerField(default=0)
    reached = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.job_id} {self.place} {self.reached}"


class FoundPair(models.Model):
    """Two records that a scan has found to be alike so far, with their points."""

    scan = models.ForeignKey(Scan, models.CASCADE, related_name="pairs")
    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    other_type = models.CharField(max_length=40)
    other_id = models.BigIntegerField()
    score = models.PositiveSmallIntegerField()
    strongest = models.PositiveSmallIntegerField()
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scan", "record_type", "record_id", "other_type", "other_id"],
                name="one_pair_per_scan",
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} / {self.other_type} {self.other_id}"


class Word(models.Model):
    """That two records are not the same.

    `fingerprint` is what both said then: where either says something else now, they are asked about again, unless
    `is_final`.
    """

    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    other_type = models.CharField(max_length=40)
    other_id = models.BigIntegerField()
    fingerprint = models.BigIntegerField()
    is_final = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} / {self.other_type} {self.other_id}"


class KeptApart(Word):
    """Two records of which somebody said that they are not the same."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "other_type", "other_id"], name="one_word_per_pair"
            )
        ]
        indexes = [models.Index(fields=["other_type", "other_id"], name="kept_apart_other")]


class PassedOn(Word):
    """What was said of a record and holds, by a merge, of the one that it has become part of."""

    batch = models.ForeignKey("core.ChangeBatch", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "other_type", "other_id", "batch"],
                name="one_word_per_pair_and_merge",
            )
        ]
        indexes = [models.Index(fields=["other_type", "other_id"], name="passed_on_other")]


class Request(models.Model):
    """What somebody asked for through a channel, on the card of who asked. `values` are field → as it was given."""

    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    source = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    is_of_known = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["record_type", "record_id", "id"], name="request_record")]

    def __str__(self) -> str:
        return self.text[:80]
