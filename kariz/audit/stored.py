"""The tables, for modules that are imported before Django can load the models."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kariz.audit.models import Chain, Entry, EntryRecords


def entries() -> QuerySet[Entry]:
    from kariz.audit.models import Entry

    return Entry.objects.all()


def covered() -> QuerySet[EntryRecords]:
    """Which records entries are about, where these are many."""
    from kariz.audit.models import EntryRecords

    return EntryRecords.objects.all()


def chain() -> Chain | None:
    from kariz.audit.models import Chain

    return Chain.objects.filter(pk=1).first()
