"""An entry of the audit log, the records that it is about where they are many, and the end of the chain."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone


class Unchangeable(TypeError):
    """Entries are only ever added."""


class Entries(models.QuerySet["Entry"]):
    """Refuses what would change or take away an entry; `sealing`, `forgetting` and `cutting` have ways of their own."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable("The audit log is only ever added to.")

    update = delete = bulk_update = update_or_create = _raw_delete = _refuse


class Entry(models.Model):
    """Something that happened. What names a person is in the columns up to `words`, of which only `digest` is signed.

    `user_id` and `who` are nobody's where the program itself did it. `details` is JSON as text, spelt the same on both
    databases; `words` are the folded texts by which the entry is found. `number`, `previous` and `hash` are its link of
    the chain, which it gets after its transaction.
    """

    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40)
    user_id = models.BigIntegerField(null=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)

    who = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=64, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=250, blank=True)
    details = models.TextField(default="{}")
    words = models.TextField(blank=True)
    salt = models.CharField(max_length=32)

    digest = models.CharField(max_length=64)
    mac = models.CharField(max_length=64, unique=True)
    number = models.BigIntegerField(null=True, unique=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = Entries.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], name="audit_at"),
            models.Index(fields=["kind", "at", "id"], name="audit_kind"),
            models.Index(fields=["user_id", "at", "id"], name="audit_user"),
            models.Index(fields=["about_type", "about_id", "at", "id"], name="audit_about"),
            models.Index(fields=["id"], condition=models.Q(number__isnull=True), name="audit_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise Unchangeable("The audit log is only ever added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable("The audit log is only ever added to.")

    @property
    def told(self) -> dict[str, Any]:
        """The details."""
        found: dict[str, Any] = json.loads(self.details)
        return found


class EntryRecords(models.Model):
    """Which of the records in one block of ids an entry is about: compressed bits, see `lib.idsets`.

    The entry's details hold a checksum of all of its blocks.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="records")
    record_type = models.CharField(max_length=60)
    block = models.BigIntegerField()
    bits = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["record_type", "block", "-entry"], name="audit_records")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.block}"


class Chain(models.Model):
    """The one row that says where the chain starts and ends, signed with the key whose fingerprint is `key`.

    `gate` is only ever open within a transaction that the triggers are to let through: `cut` or `forget`.
    """

    cut_number = models.BigIntegerField(default=0)
    cut_hash = models.CharField(max_length=64, blank=True)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=16, blank=True)
    mac = models.CharField(max_length=64, blank=True)
    gate = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_audit_chain")]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"
