"""The two doors: `visible` is the only read, `save`, `save_many` and `delete` are the only writes of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import access, bulk, links, registry, search, seen, sorting, writing
from kariz.core.access import Forbidden
from kariz.core.conditions import matching
from kariz.core.drafts import WHOLE_RECORD, Draft
from kariz.core.erasing import ERASED
from kariz.core.fieldtypes import FieldError
from kariz.core.models import Change, ChangeBatch

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType

__all__ = [
    "Clash", "Conflict", "Forbidden", "Invalid", "batch_of", "delete", "refused", "save", "save_many", "visible",
]  # fmt: skip


class Invalid(Exception):
    """The values cannot be saved: field name → messages for the person; `__all__` is the record as a whole."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {name: list(messages) for name, messages in errors.items()}
        super().__init__("; ".join(f"{name}: {' '.join(messages)}" for name, messages in self.errors.items()))


@dataclass(frozen=True)
class Clash:
    """A field that somebody else has changed meanwhile to something else. Values are as stored."""

    field: str
    base: Any
    theirs: Any
    mine: Any


class Conflict(Exception):
    """Two people have set the same fields to different values; the second is asked, field by field.

    `record` is as the first left it, `kept` what the second asked for besides.
    """

    def __init__(
        self, clashes: Sequence[Clash], change: Change, record: Any, kept: Mapping[str, Any]
    ) -> None:
        self.clashes, self.change, self.record, self.kept = list(clashes), change, record, kept
        super().__init__(", ".join(clash.field for clash in clashes))


def visible(
    record_type: RecordType,
    user: User | None,
    *,
    where: Any = None,
    find: str = "",
    sort: str = "",
) -> QuerySet[Any]:
    """The records that `user` may see, narrowed and ordered. `sort` is a field's name, `-` before it for descending.

    By what is hidden from `user`, he neither narrows nor orders: that would tell it. Raises `BadCondition`.
    """
    known = seen.by(record_type, user)
    queryset = matching(access.visible(record_type, user), known, where, user)
    if find:
        queryset = queryset.filter(search.matching(record_type, find, queryset, user))
    return queryset.order_by(*sorting.of(known, sort or known.sort).order_by())


def batch_of(kind: str, user: User | None, label: str = "") -> ChangeBatch:
    """A name for changes that belong together and are undone together."""
    return ChangeBatch.objects.create(kind=kind, user=user, label=label[:200])


def save(
    record_type: RecordType,
    record: Any,
    values: Mapping[str, Any],
    *,
    user: User | None,
    batch: ChangeBatch | None = None,
    version: int | None = None,
    is_trusted: bool = False,
    is_stored: bool = False,
) -> Any:
    """Check and write `values`, all or nothing, and give back the record as it now is.

    `version` is the one the person was looking at: what others have changed since is merged, or a `Conflict`.
    Also raises `Invalid` and `Forbidden`.
    """
    record_type = registry.get(record_type.name)  # whole, whatever somebody sees of it
    with transaction.atomic():
        [draft] = _drafts(record_type, [(record, values)], user, is_trusted=is_trusted, is_stored=is_stored)
        if version is not None and not draft.is_new and version != draft.record.version:
            draft.values = _merged(draft, version)
        writing.write(record_type, [draft], batch)
        if draft.errors:
            raise Invalid(draft.errors)
    return draft.record


def save_many(
    record_type: RecordType,
    rows: Iterable[tuple[Any, Mapping[str, Any]]],
    *,
    user: User | None,
    batch: ChangeBatch,
    is_trusted: bool = False,
    is_stored: bool = False,
    is_parsed: bool = False,
) -> list[Draft]:
    """`save` for a set: the same rules and change log by bulk statements, in one transaction.

    `is_parsed` says that the values are what `Field.parse` gave: an import parses each text of a column once.
    The drafts come back in order; those with `errors` were not written, the others were.
    """
    record_type, listed = registry.get(record_type.name), list(rows)
    with _at_once(listed), bulk.without_collector():
        drafts = _drafts(
            record_type, listed, user, is_trusted=is_trusted, is_stored=is_stored, is_parsed=is_parsed
        )
        writing.write(record_type, drafts, batch)
    return drafts


def refused(
    record_type: RecordType,
    rows: Iterable[tuple[Any, Mapping[str, Any]]],
    *,
    user: User | None,
    is_trusted: bool = False,
    is_parsed: bool = False,
) -> list[dict[str, list[str]]]:
    """What `save_many` would refuse of these rows, field → messages for each of them; nothing is written."""
    listed = list(rows)
    with _at_once(listed):
        drafts = _drafts(
            record_type, listed, user, is_trusted=is_trusted, is_stored=False, is_parsed=is_parsed
        )
        writing.check(record_type, drafts)
    return [draft.errors for draft in drafts]


def delete(
    record_type: RecordType,
    records: Iterable[Any],
    *,
    user: User | None,
    batch: ChangeBatch | None = None,
    is_trusted: bool = False,
) -> ChangeBatch:
    """Delete records; what linked to them lets go in the same batch. Raises `Forbidden` and `Invalid`.

    Locked ones are deleted by the program alone, which says so by `is_trusted`.
    """
    record_type = registry.get(record_type.name)
    ids = [record.pk for record in records]
    with _at_once(ids):
        doomed = list(record_type.model.objects.select_for_update().filter(pk__in=ids))
        if len(access.deletable_among(record_type, user, doomed)) < len(doomed):
            raise Forbidden(_("You may not delete this record."))
        is_locked = record_type.locked and any(getattr(record, record_type.locked) for record in doomed)
        if is_locked and not is_trusted:
            raise Invalid({WHOLE_RECORD: [_("This record is locked and cannot be deleted.")]})
        batch = batch or batch_of("delete", user)
        _let_go(record_type, ids, batch)
        writing.erase(record_type, doomed, batch)
    return batch


def _at_once(rows: Sequence[Any]) -> Any:
    """A transaction. Within another one a large set does without a savepoint: after an error all of it is to go.

    SQLite goes through all that a savepoint holds after each single row: that took most of the time of an import.
    """
    return transaction.atomic(savepoint=len(rows) < bulk.MANY)


def _let_go(record_type: RecordType, ids: list[int], batch: ChangeBatch) -> None:
    gone = set(ids)
    for other, field in links.pointing_at(record_type):
        operator = "links_any" if field.type.name == "links" else "one_of"
        holding = list(matching(other.model.objects.all(), other, [field.name, operator, ids], None))
        if not holding:
            continue
        links.load(other, holding)
        rows = [(record, {field.name: _without(field.get(record), gone)}) for record in holding]
        save_many(other, rows, user=batch.user, batch=batch, is_trusted=True, is_stored=True)


def _without(value: Any, gone: set[int]) -> Any:
    return [pk for pk in value if pk not in gone] if isinstance(value, list) else None


def _drafts(
    record_type: RecordType,
    rows: Sequence[tuple[Any, Mapping[str, Any]]],
    user: User | None,
    *,
    is_trusted: bool,
    is_stored: bool,
    is_parsed: bool = False,
) -> list[Draft]:
    """Drafts on the rows as they are now, locked until the transaction ends. Raises `Forbidden`."""
    ids = [record.pk for record, _values in rows if not record._state.adding]
    fresh = record_type.model.objects.select_for_update().in_bulk(ids) if ids else {}
    reader = locale.active()
    drafts = [
        Draft(
            record_type, fresh.get(record.pk, record), values, user, reader, is_trusted, is_stored, is_parsed
        )
        for record, values in rows
    ]
    links.load(record_type, [draft.record for draft in drafts])
    for draft in drafts:
        if not draft.is_new and draft.record.pk not in fresh:
            draft.error(WHOLE_RECORD, _("Somebody has deleted this record meanwhile."))
    if not is_trusted:
        _refuse_strangers(record_type, user, drafts)
    return drafts


def _refuse_strangers(record_type: RecordType, user: User | None, drafts: Sequence[Draft]) -> None:
    """Rights are asked of the rows as they are, before what is to be written."""
    old = [draft.record for draft in drafts if not draft.is_new]
    if len(old) < len(drafts) and not access.may(record_type, user, "create"):
        raise Forbidden(_("You may not create records of this type."))
    if len(access.writable_among(record_type, user, old)) < len({record.pk for record in old}):
        raise Forbidden(_("You may not change this record."))


def _merged(draft: Draft, version: int) -> dict[str, Any]:
    """The values that this person really changed since `version`. Raises `Conflict` where others changed them too."""
    fields = draft.record_type.all_fields
    since = Change.objects.filter(
        record_type=draft.record_type.name, record_id=draft.record.pk, version__gt=version
    ).order_by("version")
    base: dict[str, Any] = {}
    for change in since.select_related("batch__user"):
        for name, (old, _new) in change.values.items():
            base.setdefault(name, old)
    kept: dict[str, Any] = {}
    clashes = []
    for name, raw in draft.values.items():
        if name not in base or name not in fields:
            kept[name] = raw
            continue
        mine = _read(fields[name], raw, draft)
        theirs = fields[name].type.store(fields[name].get(draft.record))
        if mine in (base[name], theirs) or base[name] == ERASED:  # a form from before does not bring it back
            continue
        clashes.append(Clash(name, base[name], theirs, mine))
    if clashes:
        raise Conflict(clashes, change, draft.record, kept)
    return kept


def _read(field: Any, raw: Any, draft: Draft) -> Any:
    try:
        return field.type.store(field.type.load(raw) if draft.is_stored else field.parse(raw, draft.reader))
    except FieldError:
        return raw


def find(record_type_name: str, pk: int, user: User | None) -> Any:
    """One visible record with its links. Raises `KeyError` for an unknown type, `DoesNotExist` for the rest."""
    record_type = registry.get(record_type_name)
    record = visible(record_type, user).get(pk=pk)
    links.load(record_type, [record])
    return record
