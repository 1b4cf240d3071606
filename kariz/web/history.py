"""The change log as people read it: who changed what, when, from which value to which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.accounts.models import User
from kariz.core import changes, links, records, registry, seen
from kariz.core.fields import Field
from kariz.core.fieldtypes import FieldError
from kariz.core.fieldtypes.links import id_in
from kariz.core.links import Names
from kariz.core.models import Change, ChangeBatch
from kariz.core.registry import RecordType

SHOWN = 30
NOTHING_ABSORBED: Mapping[int, str] = MappingProxyType({})
UNTOLD = {"completeness"}  # follows from the other fields

VERBS = {
    "created": gettext_lazy("created this record"),
    "updated": gettext_lazy("changed this record"),
    "deleted": gettext_lazy("deleted this record"),
}
ICONS = {"created": ("plus", "green"), "updated": ("pencil", "blue"), "deleted": ("trash-2", "red")}
# What batches are called; an everyday edit needs no name.
KINDS = {
    "edit": "",
    "create": "",
    "delete": "",
    "undo": pgettext_lazy("what was done", "Undo"),
    "import": pgettext_lazy("what was done", "Import"),
    "bulk edit": gettext_lazy("Bulk edit"),
    "conversion": gettext_lazy("Conversion"),
    "promotion": gettext_lazy("Lead made of an interest"),
    "merge": pgettext_lazy("what was done", "Merge"),
    "recompute": gettext_lazy("Recomputation"),
    "request": gettext_lazy("Request"),
    "keep_separate": gettext_lazy("Keeping separate"),
    "share": gettext_lazy("Sharing"),
}


@dataclass(frozen=True)
class Line:
    """One field's value before and after, as the reader sees them."""

    label: Any
    old: str
    new: str


@dataclass
class Event:
    """One change of one record. `day` heads the first event of each day."""

    change: Change
    record_type: RecordType
    who: str
    verb: Any
    icon: str
    colour: str
    time: str
    exact: str
    ago: str
    day: str = ""
    lines: list[Line] = field(default_factory=list)
    batch: str = ""
    batch_url: str = ""
    undo_url: str = ""
    title: str = ""
    url: str = ""
    merged: str = ""
    """The name of another record, which has since become part of the one whose history this is."""


@dataclass(frozen=True)
class Page:
    """Some changes, and the id before which the older ones are."""

    changes: list[Change]
    older: int | None


def page(found: QuerySet[Change], before: str = "") -> Page:
    """The newest changes, or those before the id that the page above ended with."""
    found = found.order_by("-id")
    if end := id_in(before):
        found = found.filter(pk__lt=end)
    listed = list(found[: SHOWN + 1])
    return Page(listed[:SHOWN], listed[SHOWN - 1].pk if len(listed) > SHOWN else None)


def events(
    found: Sequence[Change],
    user: User,
    *,
    titled: bool = False,
    currency: str = "",
    absorbed: Mapping[int, str] = NOTHING_ABSORBED,
) -> list[Event]:
    """`found` for reading. `titled` names the record of each, for batches over many. A fixed number of queries.

    `currency` is that of the record, for amounts whose change says nothing of it. `absorbed` names the records that
    have become part of it.
    """
    reader = locale.active()
    names = links.names_of(_linked(found, user), user)
    ours = changes.undoable({change.batch for change in found}, user)
    undone = _undone(ours)
    shown = [_event(change, user, ours, undone) for change in found]
    for event in shown:
        if event.change.kind == Change.Kind.UPDATED:
            event.lines = list(_lines(event, names, reader, currency))
        if event.change.record_id in absorbed:
            _mark_merged(event, absorbed[event.change.record_id])
    if titled:
        _name_records(shown, user)
    _head_days(shown, reader)
    return shown


def _event(change: Change, user: User, ours: set[int], undone: set[int]) -> Event:
    reader = locale.active()
    record_type = seen.get(change.record_type, user)
    icon, colour = ICONS[change.kind]
    batch, at = change.batch, change.at.astimezone(reader.tz)
    label = batch_label(batch)
    is_ours = batch.pk in ours
    return Event(
        change=change,
        record_type=record_type,
        who=str(batch.user) if batch.user else _("Kariz"),
        verb=VERBS[change.kind],
        icon="undo-2" if batch.kind == "undo" else icon,
        colour=colour,
        time=reader.moment(at, "short").rpartition(" ")[2],
        exact=reader.moment(at),
        ago=reader.ago(at),
        batch=label,
        batch_url=reverse("web:batch", args=[batch.pk])
        if label and (is_ours or user.is_administrator)
        else "",
        undo_url=reverse("web:undo", args=[batch.pk]) if is_ours and batch.pk not in undone else "",
    )


def _mark_merged(event: Event, title: str) -> None:
    """Say that this happened to a record that is part of this one now; the merge itself is no deletion."""
    if event.change.kind == Change.Kind.DELETED:
        event.verb = _("merged “%(title)s” into this record") % {"title": title}
        event.icon, event.colour = "git-merge", "violet"
    else:
        event.merged, event.undo_url = title, ""


def batch_label(batch: ChangeBatch) -> str:
    """Such as “Import: accounts.csv”; nothing for an everyday edit."""
    parts = [str(KINDS.get(batch.kind, batch.kind)), batch.label]
    return ": ".join(part for part in parts if part)


def _lines(event: Event, names: Names, reader: Locale, currency: str) -> Iterator[Line]:
    fields = event.record_type.fields
    currency = _currency(event.change) or currency
    # In the order of the form; PostgreSQL keeps the log's own keys in none.
    for name, known in fields.items():
        if name in event.change.values and name not in UNTOLD:
            shown = (_shown(known, value, names, reader, currency) for value in event.change.values[name])
            yield Line(known.label, *shown)


def _currency(change: Change) -> str:
    """The currency that the change itself names."""
    return next((value for value in reversed(change.values.get("currency", [])) if value), "")


def _shown(known: Field, stored: Any, names: Names, reader: Locale, currency: str) -> str:
    """A stored value as text; one that its field can hold no more is shown as it was kept."""
    if stored in (None, "", []):
        return ""
    if known.target:
        ids = stored if isinstance(stored, list) else [stored]
        return (_(", ")).join(names.get((known.target, pk), f"#{pk}") for pk in ids)
    try:
        value = known.type.load(stored)
    except FieldError:
        return str(stored)
    if known.type.name == "money":
        return reader.money(Decimal(value), currency) if currency else reader.number(Decimal(value))
    return known.show(value, reader)


def _linked(found: Iterable[Change], user: User) -> dict[str, set[int]]:
    """The records and people whose names the values need."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for change in found:
        fields = seen.get(change.record_type, user).fields
        for name, pair in change.values.items() if change.kind == Change.Kind.UPDATED else ():
            if name in fields and fields[name].target:
                for value in pair:
                    wanted[fields[name].target].update(
                        value if isinstance(value, list) else [value] if value else []
                    )
    return wanted


def _undone(ours: set[int]) -> set[int]:
    """Of the batches that the user may undo, those that have been undone."""
    if not ours:
        return set()
    return set(ChangeBatch.objects.filter(undoes__in=ours).values_list("undoes_id", flat=True))


def _name_records(shown: Iterable[Event], user: User) -> None:
    known = titles({(event.change.record_type, event.change.record_id) for event in shown}, user)
    for event in shown:
        key = (event.change.record_type, event.change.record_id)
        event.title = known.get(key) or _last_title(event) or f"#{event.change.record_id}"
        event.url = reverse("web:record", args=key) if key in known else ""


def _last_title(event: Event) -> str:
    """The name of a record that was deleted."""
    is_gone = event.change.kind == Change.Kind.DELETED
    return str(event.change.values.get(event.record_type.title, [""])[0] or "") if is_gone else ""


def titles(wanted: set[tuple[str, int]], user: User) -> dict[tuple[str, int], str]:
    """The names of those of the records that the user may see; one query per type."""
    ids: dict[str, set[int]] = defaultdict(set)
    for name, pk in wanted:
        ids[name].add(pk)
    found: dict[tuple[str, int], str] = {}
    for name, pks in ids.items():
        record_type = registry.get(name)
        seen = records.visible(record_type, user).filter(pk__in=pks).values_list("pk", record_type.title)
        found |= {(name, pk): title for pk, title in seen}
    return found


def _head_days(shown: Iterable[Event], reader: Locale) -> None:
    last: date | None = None
    for event in shown:
        day = event.change.at.astimezone(reader.tz).date()
        if day != last:
            event.day = _("Today") if day == reader.today() else reader.day(day, "long")
        last = day
