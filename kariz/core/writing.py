"""The one path on which records reach the database: a set of drafts in, rows, change log and search rows out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import access, bulk, compiled, events, following, links, registry, search, sql, trees
from kariz.core.drafts import WHOLE_RECORD, Draft, stored_values
from kariz.core.models import Change, ChangeBatch, Link
from kariz.lib.text import sort_key

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

AT_ONCE = 1000
UNLINKED_AT_ONCE = 100  # each is a term of one condition
LOGGED = ("batch_id", "record_type", "record_id", "version", "kind", "values", "at", "is_delivered")


def write(record_type: RecordType, drafts: Sequence[Draft], batch: ChangeBatch | None) -> None:
    """Check every draft and write those without errors; the others say why in `errors`. For use in a transaction."""
    check(record_type, drafts)
    good = [draft for draft in drafts if not draft.errors]
    for draft in good:
        draft.compare()
    written = [draft for draft in good if draft.is_new or draft.changes]
    if written:
        _store(record_type, written, batch or _edit_of(written[0].user))


def check(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Keep in each draft what speaks against it."""
    for draft in drafts:
        _prepare(draft)
    _check_links(record_type, drafts)
    _check_unique(record_type, drafts)
    trees.check(record_type, drafts)


def _edit_of(user: User | None) -> ChangeBatch:
    batch = ChangeBatch(kind="edit", user=user)
    bulk.create(ChangeBatch, [batch])
    return batch


def _prepare(draft: Draft) -> None:
    """Everything about one draft that needs no query."""
    if not draft.is_trusted and draft.record_type.locked and getattr(draft.record, draft.record_type.locked):
        draft.error(WHOLE_RECORD, _("This record is locked and cannot be changed."))
        return
    draft.parse()
    draft.set_from_choices()
    draft.record_type.prepare(draft)
    draft.compute()
    if not draft.is_stored:
        draft.check()
    draft.measure()


def _check_links(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Each record that a draft newly names must exist and, for a person's write, be one the person may see.

    What `prepare` or the maker of a new record has set, the program answers for.
    """
    pending: dict[str, dict[int, list[tuple[Draft, str]]]] = defaultdict(lambda: defaultdict(list))
    linking = compiled.of(record_type).linking
    for draft in drafts:
        for name in (name for name in draft.given if name in linking):
            for pk in _newly_named(draft, linking[name]):
                pending[linking[name].target][pk].append((draft, name))
    for target, wanted in pending.items():
        user = next(iter(wanted.values()))[0][0].user
        trusted = all(draft.is_trusted for uses in wanted.values() for draft, _name in uses)
        for pk, why in _unlinkable(target, set(wanted), None if trusted else user).items():
            for draft, name in wanted[pk]:
                draft.error(name, why)


def _newly_named(draft: Draft, found: Field) -> list[int]:
    """The ids that this draft puts into a link; one's own responsibility needs no check."""
    named, known = _ids(found.get(draft.record)), _ids(draft.before.get(found.name))
    mine = draft.user.pk if found.name == "owner" and draft.user else None
    return [pk for pk in named if pk not in known and pk != mine]


def _ids(value: Any) -> list[int]:
    return value if isinstance(value, list) else [value] if value else []


def _unlinkable(target: str, ids: set[int], user: User | None) -> dict[int, str]:
    """Which of these records cannot be linked to, and why. Without a user, all that exist can."""
    unknown = _("The linked record does not exist, or you may not see it.")
    if target == "user":
        people = User.objects.filter(pk__in=ids)
        found = (people if user is None else people.filter(is_active=True)).values_list("pk", flat=True)
        return dict.fromkeys(ids.difference(found), unknown)
    target_type = registry.get(target)
    visible = access.visible(target_type, user).filter(pk__in=ids)
    is_retired = dict(visible.values_list("pk", target_type.retired or "pk"))
    refused = dict.fromkeys(ids - is_retired.keys(), unknown)
    if target_type.retired and user:
        gone = _("This one is withdrawn. Choose another.")
        refused |= {pk: gone for pk, retired in is_retired.items() if retired}
    return refused


def _check_unique(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    """Values of unique columns may not be taken, neither in the table nor twice among the drafts."""
    for column in record_type.model._meta.concrete_fields:
        if not column.unique or column.primary_key:
            continue
        name = column.name
        holders: dict[Any, list[Draft]] = defaultdict(list)
        for draft in drafts:
            value = getattr(draft.record, name)
            if value not in (None, "") and draft.changed(name):
                holders[value].append(draft)
        if not holders:
            continue
        sql.hold(
            f"{record_type.name}.{name}"
        )  # until the commit: whoever comes next sees what is written here
        held = record_type.model.objects.filter(**{f"{name}__in": list(holders)})
        taken = set(held.values_list(name, flat=True))
        for value, holding in holders.items():
            for draft in holding if value in taken else holding[1:]:
                draft.error(name, _("“%(value)s” is taken already. Choose another.") % {"value": value})


def _store(record_type: RecordType, drafts: Sequence[Draft], batch: ChangeBatch) -> None:
    now = timezone.now()
    for draft in drafts:
        _stamp(draft, now)
    _write_rows(record_type, drafts)
    _write_links(record_type, drafts)
    log(record_type, [(draft.record, _kind(draft), draft.changes) for draft in drafts], batch, now)
    _write_search(record_type, drafts)
    following.written(record_type, drafts)
    record_type.after_save(drafts)


def _stamp(draft: Draft, now: Any) -> None:
    record = draft.record
    record.version += 1
    record.updated_at = now
    record.sort_name = sort_key(str(draft.compiled.fields[draft.record_type.title].get(record)))[:80]
    if draft.is_new and not draft.is_stored and record.created_by_id is None:
        record.created_by = draft.user


def _write_rows(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    new = [draft.record for draft in drafts if draft.is_new]
    if new:
        bulk.create(record_type.model, new)
    old = [draft for draft in drafts if not draft.is_new]
    if len(old) == 1:
        old[0].record.save(force_update=True)
    elif old:
        bulk.update(record_type.model, _touched(record_type, old), [draft.record for draft in old])


def _touched(record_type: RecordType, drafts: Sequence[Draft]) -> list[str]:
    """The columns that these drafts may have changed, those that `prepare` sets unseen included."""
    shipped = record_type.shipped_fields
    names = {name for draft in drafts for name in draft.changes}
    columns = {name for name in names if name in shipped and shipped[name].type.name != "links"}
    hidden = {column.name for column in record_type.model._meta.concrete_fields if column.name not in shipped}
    return sorted(columns | (hidden - {"id"}) | {"updated_at", "completeness"})


def _write_links(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    added: list[Link] = []
    removed: list[Q] = []
    for draft in drafts:
        for name, (_label, target) in record_type.links.items():
            if name not in draft.changes:
                continue
            before, after = (set(ids or ()) for ids in draft.changes[name])
            added += [
                Link(
                    record_type=record_type.name,
                    field=name,
                    record_id=draft.record.pk,
                    target_type=target,
                    target_id=pk,
                )
                for pk in sorted(after - before)
            ]
            if before - after:
                removed.append(Q(field=name, record_id=draft.record.pk, target_id__in=before - after))
    for start in range(0, len(removed), UNLINKED_AT_ONCE):
        gone = reduce(or_, removed[start : start + UNLINKED_AT_ONCE])
        Link.objects.filter(gone, record_type=record_type.name).delete()
    if added:
        Link.objects.bulk_create(added, ignore_conflicts=True, batch_size=AT_ONCE)


def _kind(draft: Draft) -> str:
    return Change.Kind.CREATED if draft.is_new else Change.Kind.UPDATED


def _write_search(record_type: RecordType, drafts: Sequence[Draft]) -> None:
    new = [draft.record for draft in drafts if draft.is_new]
    old = [draft.record for draft in drafts if not draft.is_new and _is_searched(record_type, draft)]
    if new:
        search.add(record_type, new)
    if old:
        search.write(record_type, old)


def log(
    record_type: RecordType,
    happened: Iterable[tuple[Any, str, dict[str, list[Any]]]],
    batch: ChangeBatch,
    now: Any,
) -> None:
    """Write the change log of what has just happened: (record, kind, changes)."""
    rows = [
        (
            batch.pk,
            record_type.name,
            record.pk,
            record.version,
            kind,
            changes,
            now,
            not events.is_wanted(record_type.name, kind, changes),
        )
        for record, kind, changes in happened
    ]
    bulk.insert(Change, LOGGED, rows)


def _is_searched(record_type: RecordType, draft: Draft) -> bool:
    custom = any(name not in record_type.shipped_fields for name in draft.changes)
    shown = {*record_type.search, record_type.title, record_type.subtitle, "owner"}
    return custom or not shown.isdisjoint(draft.changes)


def erase(record_type: RecordType, records: Sequence[models.Model], batch: ChangeBatch) -> None:
    """Take records out, with a change log that holds all of them; links to them are emptied in the same batch."""
    ids = [record.pk for record in records]
    links.load(record_type, records)
    happened = [(record, Change.Kind.DELETED, _last_values(record_type, record)) for record in records]
    log(record_type, happened, batch, timezone.now())
    search.remove(record_type, ids)
    Link.objects.filter(record_type=record_type.name, record_id__in=ids).delete()
    record_type.model.objects.filter(pk__in=ids).delete()
    following.erased(record_type, ids)


def _last_values(record_type: RecordType, record: Any) -> dict[str, list[Any]]:
    """All that undo needs to bring the record back, its place on the board included."""
    values = {**stored_values(record_type, record), "rank": record.rank}
    return {name: [value, None] for name, value in values.items() if value not in (None, "", [])}
