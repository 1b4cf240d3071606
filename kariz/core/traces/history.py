"""The change log of a person's records, and what it says elsewhere: values go, who did what when stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kariz.core import erasing, registry
from kariz.core.erasing import AT_ONCE, ERASED, MASK, Person
from kariz.core.models import Change, ChangeBatch, MergedRecord


class History:
    """Every personal value of every change of the records; nothing of them can be undone any more."""

    def _changes(self, person: Person) -> QuerySet[Change]:
        return Change.objects.filter(person.q()).order_by("pk")

    def count(self, person: Person) -> int:
        return self._changes(person).count()

    def tell(self, person: Person) -> list[Any]:
        return [
            {
                "at": change.at.isoformat(),
                "kind": change.kind,
                "record": _name(change),
                "values": change.values,
            }
            for change in self._changes(person).iterator(chunk_size=AT_ONCE)
        ]

    def erase(self, person: Person) -> None:
        found = list(self._changes(person))
        for change in found:
            change.values = _scrubbed(change, person)
        _write(found)


def _write(found: list[Change]) -> None:
    Change.objects.bulk_update(found, ["values"], batch_size=AT_ONCE)


def _name(change: Change) -> str:
    return f"{change.record_type} {change.record_id}"


def _scrubbed(change: Change, person: Person) -> dict[str, Any]:
    """The values with the mark in the place of what is personal. What is no field any more may have been."""
    personal = person.personal.get(change.record_type, frozenset())
    known = registry.get(change.record_type).all_fields
    found = {
        name: [_mark(value) for value in pair] if name in personal or name not in known else pair
        for name, pair in change.values.items()
    }
    return found | {ERASED: [ERASED, ERASED]}


def _mark(value: Any) -> Any:
    return value if value in (None, "", []) else ERASED


class LinkedHistory:
    """What the change log of linked records says of the person, such as the name in the title of a deal."""

    def _changes(self, person: Person) -> Iterator[Change]:
        if not person.mentions or not person.linked:
            return
        q = erasing.named(person.linked, "record_type", "record_id")
        for change in Change.objects.filter(q).order_by("pk").iterator(chunk_size=AT_ONCE):
            if person.mentions.are_in(change.values):
                yield change

    def count(self, person: Person) -> int:
        return sum(1 for _change in self._changes(person))

    def tell(self, person: Person) -> list[Any]:
        return []

    def erase(self, person: Person) -> None:
        found = list(self._changes(person))
        for change in found:
            change.values = person.mentions.masked(change.values, ERASED)
        _write(found)


class Batches:
    """The labels of what was done to the records: conversions and merges are called by whom they were about."""

    def _labelled(self, person: Person) -> Iterator[ChangeBatch]:
        about = Change.objects.filter(person.q()).values("batch")
        done = ChangeBatch.objects.exclude(label="")
        for batch in done.filter(pk__in=about).union(done.filter(undoes__in=about)):
            if person.mentions.are_in(batch.label):
                yield batch

    def count(self, person: Person) -> int:
        return sum(1 for _batch in self._labelled(person))

    def tell(self, person: Person) -> list[Any]:
        return []

    def erase(self, person: Person) -> None:
        for batch in list(self._labelled(person)):
            ChangeBatch.objects.filter(pk=batch.pk).update(
                label=person.mentions.masked(batch.label, MASK)[:200]
            )


class Merged:
    """The names of what has become part of the records, and what undoing that would have needed."""

    def _rows(self, person: Person) -> QuerySet[MergedRecord]:
        return MergedRecord.objects.filter(person.q() | person.q(id_column="into_id"))

    def count(self, person: Person) -> int:
        return self._rows(person).count()

    def tell(self, person: Person) -> list[Any]:
        return [
            {"record": f"{one.record_type} {one.record_id}", "title": one.title} for one in self._rows(person)
        ]

    def erase(self, person: Person) -> None:
        self._rows(person).update(title=ERASED, moved={})


erasing.add("history", _("Updates"), History(), position=10)
erasing.add("linked_history", _("Updates of linked records"), LinkedHistory(), position=12)
erasing.add("batches", _("Names of imports, merges and conversions"), Batches(), position=14)
erasing.add("merged", _("Records merged into these"), Merged(), position=16)
