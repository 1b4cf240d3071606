"""What every record has, and the rows in which administrators and the two doors keep what they know of records."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kariz.core.columns import SortColumn
from kariz.core.grants import FieldGrant, ProfileGrant, Share, SharingRule, TypeSharing

__all__ = [
    "Change", "ChangeBatch", "Choice", "FieldGrant", "FieldSetting", "Link", "MergedRecord", "ProfileGrant",
    "Record", "SearchRow", "Share", "SharingRule", "TypeSetting", "TypeSharing", "Undoing", "link_indexes",
    "newest_first", "record_indexes",
]  # fmt: skip


def newest_first() -> float:
    """The place of a new card on its board: above the older ones."""
    return time.time()


class Record(models.Model):
    """What every record has, whatever its type."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # (owner, id) is the index
        related_name="+",
        verbose_name=_("Responsible"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        editable=False,
        verbose_name=_("Created by"),
    )
    created_at = models.DateTimeField(_("Created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("Changed"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    sort_name = SortColumn(max_length=80, default="", editable=False)
    rank = models.FloatField(default=newest_first, editable=False)
    completeness = models.PositiveSmallIntegerField(_("Completeness (%)"), null=True, editable=False)
    owner_id: int | None
    created_by_id: int | None
    custom: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True, editable=False)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True


def record_indexes(prefix: str) -> list[models.Index]:
    """The indexes that every record table needs for its default lists; `prefix` makes their names unique."""
    return [
        models.Index(fields=["owner", "id"], name=f"{prefix}_owner"),
        models.Index(fields=["sort_name", "id"], name=f"{prefix}_name"),
        models.Index(fields=["created_at", "id"], name=f"{prefix}_created"),
        models.Index(fields=["updated_at", "id"], name=f"{prefix}_updated"),
    ]


def link_indexes(prefix: str, *names: str) -> list[models.Index]:
    """The indexes of links that most records leave empty, without the empty ones: SQLite goes by the average."""
    return [
        models.Index(
            fields=[name], condition=models.Q(**{f"{name}__isnull": False}), name=f"{prefix}_{name}_link"
        )
        for name in names
    ]


class FieldSetting(models.Model):
    """A field that an administrator added (`type` is set) or the shipped field that the row renames or hides."""

    record_type = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    type = models.CharField(_("type"), max_length=20, blank=True)
    label = models.CharField(_("label"), max_length=100, blank=True)
    help = models.CharField(_("help text"), max_length=300, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    is_indexed = models.BooleanField(_("quick to filter and sort by"), default=False)
    default = models.JSONField(_("default"), null=True, blank=True)
    target = models.CharField(_("links to"), max_length=40, blank=True)
    formula = models.CharField(_("formula"), max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_type", "name"], name="one_setting_per_field")]

    def __str__(self) -> str:
        return f"{self.record_type}.{self.name}"


class TypeSetting(models.Model):
    """How an administrator arranged a record type. `layout` is a list of `{"key", "label", "fields"}`."""

    record_type = models.CharField(max_length=40, primary_key=True)
    layout = models.JSONField(default=list)
    expected = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.record_type


class Choice(models.Model):
    """One value of a choice field. On a path field it is a stage: it may ask for fields, set values, end the path."""

    class Outcome(models.TextChoices):
        OPEN = "", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        HELD = "held", _("On hold")

    record_type = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    group = models.CharField(max_length=40, blank=True)
    label = models.CharField(_("label"), max_length=100)
    colour = models.CharField(_("colour"), max_length=10, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    is_removed = models.BooleanField(default=False)
    is_default = models.BooleanField(_("default"), default=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    expected_days = models.PositiveIntegerField(_("expected days"), null=True, blank=True)
    asks = models.JSONField(_("asks for"), default=list, blank=True)
    sets = models.JSONField(_("sets"), default=dict, blank=True)
    guide = models.TextField(_("what to do here"), blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "field", "group", "key"], name="one_choice_per_key"
            )
        ]

    def __str__(self) -> str:
        return self.label


class ChangeBatch(models.Model):
    """Changes made at one go: an edit, an import, a conversion. Undoing one is another batch."""

    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="undone_by")

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"], name="batch_user"),
            models.Index(fields=["undoes"], condition=models.Q(undoes__isnull=False), name="batch_undoes"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Undoing(models.Model):
    """How far the undo of a large batch has come. `reached` is the last change that was taken back, from the newest on.

    `kept` are the first changes that were left alone, each as `[record type, record id, [fields]]`.
    """

    batch = models.OneToOneField(ChangeBatch, models.CASCADE, related_name="undoing")
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, db_index=False, related_name="+")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(null=True)
    restored = models.PositiveIntegerField(default=0)
    kept_count = models.PositiveIntegerField(default=0)
    kept = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.batch_id} {self.done}/{self.total}"


class Change(models.Model):
    """What happened to one record in one batch. `values` maps each field to its stored values before and after.

    A change is also the event that consumers hear of: the row waits with `is_delivered` false until they have.
    """

    class Kind(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        DELETED = "deleted", _("deleted")

    batch = models.ForeignKey(ChangeBatch, models.PROTECT, related_name="changes")
    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    values = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, db_default=Now())
    is_delivered = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["record_type", "record_id", "id"], name="change_record"),
            models.Index(fields=["id"], condition=models.Q(is_delivered=False), name="change_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} {self.kind}"


class SearchRow(models.Model):
    """The folded words by which one record is found, and the key by which rights narrow the search."""

    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=250)
    subtitle = models.CharField(max_length=250, blank=True)
    words = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_type", "record_id"], name="one_search_row")]

    def __str__(self) -> str:
        return self.title


class Link(models.Model):
    """One of the records that a field of several records holds."""

    record_type = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    target_type = models.CharField(max_length=40)
    target_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "field", "record_id", "target_id"], name="one_link_per_record"
            )
        ]
        indexes = [
            models.Index(fields=["target_type", "target_id", "record_type", "field"], name="link_target")
        ]

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} {self.field} {self.target_id}"


class MergedRecord(models.Model):
    """A record that has become part of another: where its address leads now, and what undoing that needs.

    `moved` is what `core.attached` moved along: model → `{"ids": [...], "dropped": [values...]}`.
    """

    record_type = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    into_id = models.BigIntegerField()
    title = models.CharField(max_length=250)
    batch = models.ForeignKey(ChangeBatch, models.CASCADE, related_name="merged")
    moved = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_type", "record_id"], name="merged_into_one")]
        indexes = [models.Index(fields=["record_type", "into_id"], name="merged_into")]

    def __str__(self) -> str:
        return self.title
