"""Erasing a person: the records and every trace of them go in one transaction, and a certificate stays."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core import changes, links, records, registry
from kariz.core.access import Forbidden
from kariz.core.drafts import stored_values
from kariz.core.erasing import MOST_NEEDLES, Person, places
from kariz.core.models import Change, ChangeBatch
from kariz.features.privacy import certificates, kin, people
from kariz.features.privacy.models import AnonymisedRecord, Erasure

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType

PATIENCE = 500  # milliseconds
Records = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Order:
    """Who is to be erased, how, by whose request. `reference` is the number of the letter, never a name."""

    records: Records
    way: str
    asked_by: str = Erasure.AskedBy.PERSON
    reference: str = ""
    number: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def goes(self) -> bool:
        return self.way == Erasure.Way.ERASED


@dataclass(frozen=True)
class Count:
    """How many rows or files a place holds of a person."""

    name: str
    label: Any
    count: int


def person(listed: Records, *, goes: bool = False, batch: ChangeBatch | None = None) -> Person:
    """Whose traces are meant by these records, with all that they are known by."""
    every = kin.whole(listed)
    held = {name: _held(name, ids) for name, ids in every.items()}
    said = people.words(held, every)
    needles = people.needles(said)
    return Person(
        records=every,
        mentions=people.mentions(said),
        personal={name: frozenset(people.personal(registry.get(name))) for name in every},
        goes=goes,
        needles=needles if len(needles) <= MOST_NEEDLES else (),
        linked=kin.strangers(every),
        batch=batch,
    )


def _held(name: str, ids: Iterable[int], *, locks: bool = False) -> list[Any]:
    rows = registry.get(name).model.objects.filter(pk__in=ids).order_by("pk")
    return list(rows.select_for_update(of=("self",)) if locks else rows)


def counts(who: Person) -> list[Count]:
    """What is known of the person where; places that hold nothing are left out."""
    counted = (Count(one.name, one.label, one.place.count(who)) for one in places())
    return [one for one in counted if one.count]


def told(listed: Records) -> dict[str, Any]:
    """Everything that is known of the person, as JSON, for the person to have."""
    with transaction.atomic():
        who = person(listed)
        found: dict[str, Any] = {
            "records": [
                _as_told(name, record) for name, ids in who.records.items() for record in _held(name, ids)
            ]
        }
        for one in places():
            if rows := one.place.tell(who):
                found[one.name] = rows
    return found


def _as_told(name: str, record: Any) -> dict[str, Any]:
    record_type = registry.get(name)
    links.load(record_type, [record])
    return {"type": name, "id": record.pk, "values": stored_values(record_type, record)}


def carry_out(order: Order, user: User | None, *, batch: ChangeBatch | None = None) -> Erasure:
    """Erase or anonymise, all of it or nothing. Raises `Forbidden`, `Invalid` and `Held`."""
    if user is not None and not user.is_administrator:
        raise Forbidden(_("Only administrators erase people."))
    _leave_no_pages()
    with transaction.atomic():
        transaction.on_commit(_fold_log)
        batch = batch or records.batch_of(changes.ERASURE, user)
        for name, ids in order.records.items():
            _held(name, ids, locks=True)  # what they say is what is looked for
        who = person(order.records, goes=order.goes, batch=batch)
        made_at = _created(who.records)
        found = counts(who)
        with locale.use(Locale.of(None)):
            for name, ids in who.records.items():
                _change(registry.get(name), _held(name, ids, locks=True), who, batch)
        for one in places():
            one.place.erase(who)
        if not who.goes:
            _note(who)
        return certificates.issue(order, user, batch, records=made_at, places=found, who=who)


def _created(listed: Records) -> list[list[Any]]:
    """`[type, id, when it was created]` of each record; of one that is gone, of when its history begins."""
    found: list[list[Any]] = []
    for name, ids in listed.items():
        there = dict(registry.get(name).model.objects.filter(pk__in=ids).values_list("pk", "created_at"))
        begun: dict[int, Any] = {}
        told_of = Change.objects.filter(record_type=name, record_id__in=set(ids) - there.keys())
        begun.update(told_of.order_by("-id").values_list("record_id", "at"))  # the first one last
        found += [[name, pk, at.isoformat()] for pk, at in sorted({**begun, **there}.items())]
    return found


def _change(record_type: RecordType, held: list[Any], who: Person, batch: ChangeBatch) -> None:
    if who.goes:
        records.delete(record_type, held, user=None, batch=batch, is_trusted=True)
        return
    rows = [(record, _anonymous(record_type, record)) for record in held]
    drafts = records.save_many(record_type, rows, user=None, batch=batch, is_trusted=True, is_stored=True)
    for draft in drafts:
        if draft.errors:
            raise records.Invalid(draft.errors)
        _forget_unknown(record_type, draft.record)


def _note(who: Person) -> None:
    named = ((name, pk) for name, ids in who.records.items() for pk in ids)
    AnonymisedRecord.objects.bulk_create(
        [AnonymisedRecord(record_type=name, record_id=pk) for name, pk in named], ignore_conflicts=True
    )


def _anonymous(record_type: RecordType, record: Any) -> dict[str, Any]:
    """The values as they are to be: nothing where nothing may be, else a name that says what happened."""
    title = record_type.all_fields[record_type.title]
    naming = record_type.quick[0] if title.is_readonly and record_type.quick else title.name
    named = _("Anonymised %(id)s") % {"id": record.pk}
    found: dict[str, Any] = {}
    for name, one in people.personal(record_type).items():
        if one.formula or one.type.is_empty(one.get(record)):
            continue
        is_needed = name == naming or (one.is_required and one.type.name in ("text", "long_text"))
        found[name] = named[: one.max_length] if is_needed else one.type.store(one.type.empty)
    return found | {naming: named}


def _forget_unknown(record_type: RecordType, record: Any) -> None:
    """What fields held that are there no more goes as well."""
    kept = {name: value for name, value in record.custom.items() if name in record_type.all_fields}
    if kept != record.custom:
        record_type.model.objects.filter(pk=record.pk).update(custom=kept)


def _leave_no_pages() -> None:
    """Have SQLite write over what it deletes."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _fold_log() -> None:
    """Have SQLite fold the log into the file, unless somebody reads from it all the while."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            [patience] = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
