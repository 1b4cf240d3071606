"""Records that are the same become one: the primary takes the values that win, and all that belonged to the others.

The others are deleted and their addresses lead to the primary. All of it is one batch, which undo takes back whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import (
    access,
    attached,
    changes,
    choosing,
    links,
    profiles,
    records,
    registry,
    repointing,
    trees,
)
from kariz.core.access import Forbidden
from kariz.core.conditions import matching
from kariz.core.drafts import WHOLE_RECORD
from kariz.core.models import ChangeBatch, MergedRecord
from kariz.core.records import Invalid

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

MOST = 5
AT_ONCE = 100

Progress = Callable[[int, int], None]
Follow = Callable[["RecordType", Mapping[int, int], ChangeBatch], Callable[[], None] | None]
_follow_ups: list[Follow] = []


def on_merge(follow: Follow) -> Follow:
    """Register what else a merge does. Called in its transaction: type, {merged id: primary's id}, batch.

    The records are still as they were then; what `follow` gives back is called when they have become one.
    Rows with a record's type and id need none of it (see `attached.attach`). What `follow` does to anything else it
    takes back itself, by `changes.on_undo`.
    """
    _follow_ups.append(follow)
    return follow


class Outdated(Exception):
    """Somebody has changed one of the records since the person looked at them."""


@dataclass(frozen=True)
class Group:
    """Records that become one: `others` become part of `primary`.

    `take` says which values win, as `choosing.chosen` reads it; `versions` are those that the person has seen.
    """

    primary: int
    others: tuple[int, ...]
    take: Mapping[str, int | str] = field(default_factory=dict)
    versions: Mapping[int, int] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[int, ...]:
        return (self.primary, *self.others)


@dataclass
class Merged:
    """What was merged, and what was left as it is, with the reason for people.

    `opened` is the number of links that were emptied because they would have led back to their own record.
    """

    batch: ChangeBatch
    done: list[Group] = field(default_factory=list)
    left: list[tuple[Group, str]] = field(default_factory=list)
    opened: int = 0


def merge(
    record_type: RecordType,
    primary: int,
    others: Sequence[int],
    *,
    user: User | None,
    batch: ChangeBatch | None = None,
    take: Mapping[str, int | str] | None = None,
    versions: Mapping[int, int] | None = None,
) -> ChangeBatch:
    """Make one record of several; gives the batch. Raises `Invalid`, `Forbidden` and `Outdated`."""
    group = Group(primary, tuple(others), take or {}, versions or {})
    with transaction.atomic():
        batch = batch or records.batch_of("merge", user)
        _merge(record_type, [group], user, batch)
        if not batch.label:
            kept = record_type.model.objects.get(pk=primary)
            batch.label = title(record_type, kept)[:200]
            batch.save(update_fields=["label"])
    return batch


def merge_groups(
    record_type: RecordType,
    groups: Sequence[Group],
    *,
    user: User | None,
    batch: ChangeBatch,
    progress: Progress = lambda done, total: None,
) -> Merged:
    """Merge many groups in chunks, each in one transaction; those that cannot be are left. Done twice, nothing happens.

    Each record may stand in one group; a second group with it is left.
    """
    result = Merged(batch)
    for start in range(0, len(groups), AT_ONCE):
        chunk = groups[start : start + AT_ONCE]
        before = _merged_before(record_type, chunk, batch)
        result.done += before
        _merge_chunk(record_type, [group for group in chunk if group not in before], user, result)
        progress(start + len(chunk), len(groups))
    return result


def _merged_before(record_type: RecordType, groups: Sequence[Group], batch: ChangeBatch) -> list[Group]:
    """Those that this batch had merged when its worker was killed."""
    ids = [pk for group in groups for pk in group.others]
    merged = MergedRecord.objects.filter(record_type=record_type.name, record_id__in=ids, batch=batch)
    into = dict(merged.values_list("record_id", "into_id"))
    return [group for group in groups if all(into.get(pk) == group.primary for pk in group.others)]


def _merge_chunk(record_type: RecordType, groups: Sequence[Group], user: User | None, result: Merged) -> None:
    """All together; where one cannot be merged, one after the other."""
    if not groups:
        return
    try:
        with transaction.atomic():
            opened = _merge(record_type, groups, user, result.batch)
    except (Invalid, Forbidden, Outdated) as error:
        if len(groups) == 1:
            result.left.append((groups[0], reason(error)))
            return
        for group in groups:
            _merge_chunk(record_type, [group], user, result)
    else:
        result.done += groups
        result.opened += opened


def reason(error: Exception) -> str:
    """Why something was not merged, for the person."""
    if isinstance(error, Invalid):
        return " ".join(message for messages in error.errors.values() for message in messages)
    return str(error)


def title(record_type: RecordType, record: Any) -> str:
    return str(record_type.all_fields[record_type.title].get(record))


def _merge(record_type: RecordType, groups: Sequence[Group], user: User | None, batch: ChangeBatch) -> int:
    """The children first, then the others go, then the primary takes values that the others may have held alone.

    Gives the number of links that were emptied because they would have led back to their own record.
    """
    record_type = registry.get(record_type.name)  # whole, whatever somebody sees of it
    found = _locked(record_type, groups, user)
    into = {pk: group.primary for group in groups for pk in group.others}
    chosen = {group.primary: _values(record_type, group, found, user) for group in groups}
    decided = [(found[pk], _decided(record_type, values, found[pk], into)) for pk, values in chosen.items()]
    doomed = [found[pk] for pk in into]
    to_do = [follow(record_type, into, batch) for follow in _follow_ups]
    opened = repointing.open_circles(record_type, decided, into, batch)
    repointing.repoint(record_type, into, batch)
    moved = attached.move(record_type.name, into)
    records.delete(record_type, doomed, user=user, batch=batch)
    repointing.written(
        records.save_many(record_type, decided, user=user, batch=batch, is_trusted=True, is_stored=True)
    )
    MergedRecord.objects.bulk_create(
        [
            MergedRecord(
                record_type=record_type.name,
                record_id=record.pk,
                into_id=into[record.pk],
                title=title(record_type, record)[:250],
                batch=batch,
                moved=moved.get(record.pk, {}),
            )
            for record in doomed
        ]
    )
    for conclude in filter(None, to_do):
        conclude()
    return opened


def _locked(record_type: RecordType, groups: Sequence[Group], user: User | None) -> dict[int, Any]:
    """The records of all groups with their links, held until the transaction ends; all may be merged as asked."""
    ids = [pk for group in groups for pk in group.ids]
    if len(ids) != len(set(ids)):
        raise Invalid({WHOLE_RECORD: [_("A record can be merged once at a time.")]})
    rows = record_type.model.objects.select_for_update(of=("self",)).order_by("pk")
    visible = access.visible(record_type, user, rows.filter(pk__in=ids))
    found: dict[int, Any] = {record.pk: record for record in visible}
    allowed = allowed_to(record_type, found.values(), user)
    for group in groups:
        _check(record_type, group, found, allowed)
    links.load(record_type, list(found.values()))
    return found


def _check(record_type: RecordType, group: Group, found: Mapping[int, Any], allowed: Allowed) -> None:
    if not 1 <= len(group.others) < MOST:
        most = locale.active().number(MOST)
        raise Invalid({WHOLE_RECORD: [_("Choose two to %(most)s records to merge.") % {"most": most}]})
    if not found.keys() >= set(group.ids):
        raise Outdated(_("Somebody has deleted or merged one of these records meanwhile."))
    if any(found[pk].version != version for pk, version in group.versions.items() if pk in found):
        raise Outdated(_("Somebody has changed one of these records meanwhile."))
    problem = obstacle(record_type, found[group.primary], [found[pk] for pk in group.others], allowed)
    if problem:
        raise problem


@dataclass(frozen=True)
class Allowed:
    """The ids of the records that somebody may change, and of those that may become part of another."""

    writable: set[int]
    deletable: set[int]


def allowed_to(record_type: RecordType, found: Iterable[Any], user: User | None) -> Allowed:
    """What `user` may do with each of these records, which he sees. At most two queries."""
    listed = list(found)
    may_merge = access.may(record_type, user, "merge")
    return Allowed(
        access.writable_among(record_type, user, listed),
        access.deletable_among(record_type, user, listed) if may_merge else set(),
    )


def obstacle(
    record_type: RecordType, primary: Any, others: Iterable[Any], allowed: Allowed
) -> Forbidden | Invalid | None:
    """Why these records cannot be merged into this one; None where they can."""
    if primary.pk not in allowed.writable:
        return Forbidden(_("You may not change “%(title)s”.") % {"title": title(record_type, primary)})
    for other in others:
        named = {"title": title(record_type, other)}
        if is_locked(record_type, other):
            told = _("“%(title)s” is locked. It can only be the record that the others become part of.")
            return Invalid({WHOLE_RECORD: [told % named]})
        if other.pk not in allowed.deletable:
            return Forbidden(_("“%(title)s” would be deleted, which you may not do.") % named)
    return None


def proposed(record_type: RecordType, found: Sequence[Any], allowed: Allowed) -> Any | None:
    """The record that should stay: one that may, the locked one, the fullest, the oldest. None where none may."""

    def others(primary: Any) -> list[Any]:
        return [one for one in found if one is not primary]

    possible = [one for one in found if obstacle(record_type, one, others(one), allowed) is None]
    return min(
        possible,
        key=lambda one: (not is_locked(record_type, one), -(one.completeness or 0), one.pk),
        default=None,
    )


def is_locked(record_type: RecordType, record: Any) -> bool:
    return bool(record_type.locked and getattr(record, record_type.locked))


def _decided(
    record_type: RecordType, values: Mapping[str, Any], primary: Any, into: Mapping[int, int]
) -> dict[str, Any]:
    """What the primary becomes, where links to its own type lead when all groups are merged."""
    fields = record_type.all_fields
    return {
        name: repointing.redirected(fields[name], value, primary, into)
        if fields[name].target == record_type.name
        else value
        for name, value in values.items()
    }


def _values(
    record_type: RecordType, group: Group, found: Mapping[int, Any], user: User | None
) -> dict[str, Any]:
    """What the primary becomes. A locked one stays as it is."""
    if is_locked(record_type, found[group.primary]):
        if any(taken != group.primary for taken in group.take.values()):
            raise Invalid({WHOLE_RECORD: [_("This record is locked and cannot be changed.")]})
        return {}
    try:
        if closed := profiles.rights(record_type, user).readonly & group.take.keys():
            raise KeyError(*closed)
        return choosing.chosen(record_type, [found[pk] for pk in group.ids], group.take)
    except KeyError as error:
        told = _("“%(name)s” cannot be chosen here.") % {"name": error.args[0]}
        raise Invalid({WHOLE_RECORD: [told]}) from None


def circles(
    record_type: RecordType, group: Group, found: Mapping[int, Any], user: User | None
) -> list[Field]:
    """The links of the primary that a merge would leave empty, because they would lead back to it."""
    into = dict.fromkeys(group.others, group.primary)
    primary = found[group.primary]
    values = _decided(record_type, _values(record_type, group, found, user), primary, into)
    return [
        link
        for link in trees.own_links(record_type)
        if trees.closed_by_merge(
            record_type, link, {primary.pk: values.get(link.name, link.get(primary))}, into
        )
    ]


@dataclass(frozen=True)
class Belonging:
    """How many records or rows of one kind would move. `label` is their plural."""

    label: Any
    count: int


def belongings(record_type: RecordType, ids: Sequence[int]) -> list[Belonging]:
    """What moves to another record when these are merged into it, the most first."""
    found: dict[str, int] = defaultdict(int)
    for other, pointing in links.pointing_at(record_type):
        operator = "links_any" if pointing.type.name == "links" else "one_of"
        held = matching(other.model.objects.all(), other, [pointing.name, operator, list(ids)], None)
        found[str(other.plural)] += held.exclude(pk__in=ids if other == record_type else ()).count()
    for one in attached.every():
        if one.label:
            found[str(one.label)] += one.rows(record_type.name, ids).count()
    counted = (Belonging(label, count) for label, count in found.items() if count)
    return sorted(counted, key=lambda one: -one.count)


@changes.on_undo
def take_back(batch: ChangeBatch) -> None:
    """What moved with the merged records goes back to them, and their addresses are their own again."""
    merged = list(MergedRecord.objects.filter(batch=batch).order_by("pk"))
    for start in range(0, len(merged), attached.AT_ONCE):
        attached.move_back(merged[start : start + attached.AT_ONCE])
    MergedRecord.objects.filter(batch=batch).delete()
