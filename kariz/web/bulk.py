"""One change to many records, in chunks, as one batch that can be undone; those left alone say why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kariz import jobs, notices
from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.accounts.models import User
from kariz.core import access, links, records, seen
from kariz.core.drafts import Draft
from kariz.core.fields import Field
from kariz.core.fieldtypes import FieldError
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType

AT_ONCE = 500
DIRECTLY = 1_000  # more than this is a job: nobody waits for it on the page
LISTED = 50

Progress = Callable[[int, int], None]
Work = Callable[[RecordType, User, "Order", list[Any], "Outcome"], None]

_works: dict[str, Work] = {}


def work(name: str) -> Callable[[Work], Work]:
    """Make a function what orders of this name do to each chunk of the records that the person sees."""

    def register(function: Work) -> Work:
        _works[name] = function
        return function

    return register


@dataclass
class Outcome:
    """What was done and what was left alone: the first of those left, as (id, title, reason)."""

    batch: int
    done: int = 0
    left_count: int = 0
    left: list[tuple[int, str, str]] = field(default_factory=list)

    def leave(self, record: Any, title: str, reason: str) -> None:
        self.left_count += 1
        if len(self.left) < LISTED:
            self.left.append((record.pk, title, reason))


@dataclass(frozen=True)
class Order:
    """What to do with which records, for whom: `edit` sets `values`, as typed, `delete` needs none; see `work`."""

    record_type: str
    do: str
    person: int
    batch: int
    ids: Sequence[int]
    values: Mapping[str, Any] = field(default_factory=dict)


def editable(record_type: RecordType) -> dict[str, Field]:
    """The fields that a person may set in many records at once."""
    return {name: one for name, one in record_type.fields.items() if not one.is_readonly}


def problems(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with the values whatever the record."""
    found: dict[str, list[str]] = {}
    for one in fields:
        try:
            value = one.parse(values.get(one.name))
        except FieldError as error:
            found[one.name] = [str(error)]
            continue
        if one.is_required and one.type.is_empty(value):
            found[one.name] = [_("“%(field)s” is required.") % {"field": one.label}]
    return found


def carry_out(order: Order, progress: Progress = lambda done, total: None) -> Outcome:
    """Do it now. Every chunk is written or not as a whole; done twice, it does nothing more."""
    user = User.objects.get(pk=order.person)
    record_type = seen.get(order.record_type, user)
    outcome = Outcome(order.batch)
    do = _works[order.do]
    for start in range(0, len(order.ids), AT_ONCE):
        ids = order.ids[start : start + AT_ONCE]
        with transaction.atomic():
            do(record_type, user, order, list(_visible(record_type, user, ids)), outcome)
        progress(start + len(ids), len(order.ids))
    return outcome


def _visible(record_type: RecordType, user: User, ids: Sequence[int]) -> Iterator[Any]:
    found = records.visible(record_type, user).filter(pk__in=ids).in_bulk()
    return (found[pk] for pk in ids if pk in found)


def allowed(record_type: RecordType, user: User, found: Iterable[Any], outcome: Outcome) -> list[Any]:
    """Those that the person may change; the others are left."""
    listed = list(found)
    return _kept(record_type, user, listed, access.writable_among(record_type, user, listed), outcome)


@work("edit")
def _edit(record_type: RecordType, user: User, order: Order, found: list[Any], outcome: Outcome) -> None:
    mine = allowed(record_type, user, found, outcome)
    batch = ChangeBatch.objects.get(pk=order.batch)
    drafts = records.save_many(record_type, [(one, order.values) for one in mine], user=user, batch=batch)
    note(record_type, drafts, outcome)


def note(record_type: RecordType, drafts: Iterable[Draft], outcome: Outcome) -> None:
    """Count what was written, and keep why the rest was not."""
    for draft in drafts:
        if draft.errors:
            outcome.leave(draft.record, title(record_type, draft.record), _reason(draft.errors))
        else:
            outcome.done += 1


@work("delete")
def _delete(record_type: RecordType, user: User, order: Order, found: list[Any], outcome: Outcome) -> None:
    deletable = access.deletable_among(record_type, user, found)
    mine = _kept(record_type, user, found, deletable, outcome)
    if record_type.locked:
        for one in [one for one in mine if getattr(one, record_type.locked)]:
            mine.remove(one)
            outcome.leave(one, title(record_type, one), _("This record is locked and cannot be deleted."))
    if mine:
        links.load(record_type, mine)
        records.delete(record_type, mine, user=user, batch=ChangeBatch.objects.get(pk=order.batch))
    outcome.done += len(mine)


def _kept(
    record_type: RecordType, user: User, found: Sequence[Any], ids: Collection[int], outcome: Outcome
) -> list[Any]:
    """Those with these ids, where the person may change many at once; the others are left."""
    may = access.may(record_type, user, "bulk")
    mine = [one for one in found if may and one.pk in ids]
    why = _("You may not change this record.") if may or not ids else _("You may not change many at once.")
    for one in found:
        if not may or one.pk not in ids:
            outcome.leave(one, title(record_type, one), why)
    return mine


def _reason(errors: Mapping[str, Sequence[str]]) -> str:
    return " ".join(message for messages in errors.values() for message in messages)


def title(record_type: RecordType, record: Any) -> str:
    return str(record_type.all_fields[record_type.title].get(record))


@jobs.task("change_many")
def change_many(job: Any, **order: Any) -> dict[str, Any]:
    """An order too large to wait for; its person is told when it is done."""
    wanted = Order(**order)
    user = User.objects.get(pk=wanted.person)
    with locale.use(Locale.of(user)):
        outcome = carry_out(wanted, job.progress)
    notices.tell(
        [user],
        gettext_noop("%(done)s records were changed, %(left)s were left as they are."),
        params={"done": outcome.done, "left": outcome.left_count},
        url=f"/batches/{wanted.batch}/",
    )
    return asdict(outcome)
