"""What names merged records comes to name their primaries; and no primary leads back to itself by that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kariz.core import links, records, trees
from kariz.core.conditions import matching
from kariz.core.models import ChangeBatch
from kariz.core.records import Invalid

if TYPE_CHECKING:
    from kariz.core.drafts import Draft
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

HELD_AT_ONCE = 1000


def repoint(record_type: RecordType, into: Mapping[int, int], batch: ChangeBatch) -> None:
    """Let every field that names a merged record name its primary instead."""
    for other, pointing in links.pointing_at(record_type):
        operator = "links_any" if pointing.type.name == "links" else "one_of"
        held = matching(other.model.objects.all(), other, [pointing.name, operator, list(into)], None)
        if other == record_type:
            held = held.exclude(pk__in=into)
        last = 0
        while holding := list(held.filter(pk__gt=last).order_by("pk")[:HELD_AT_ONCE]):
            last = holding[-1].pk
            links.load(other, holding, [pointing.name])
            rows = [
                (one, {pointing.name: redirected(pointing, pointing.get(one), one, into)}) for one in holding
            ]
            written(
                records.save_many(other, rows, user=batch.user, batch=batch, is_trusted=True, is_stored=True)
            )


def redirected(pointing: Field, value: Any, holder: Any, into: Mapping[int, int]) -> Any:
    """The value with the primaries in the places of the merged ones; a record does not point at itself."""
    own = holder.pk if pointing.target == pointing.record_type else None
    if isinstance(value, list):
        return [pk for pk in dict.fromkeys(into.get(pk, pk) for pk in value) if pk != own]
    there = into.get(value, value)
    return None if there == own else there


def open_circles(
    record_type: RecordType,
    decided: Sequence[tuple[Any, dict[str, Any]]],
    into: Mapping[int, int],
    batch: ChangeBatch,
) -> int:
    """Let no primary take or keep a link that would lead back to it; gives how many of them this were.

    What it has is emptied before anything else is pointed at it: at no moment is there a circle, on undo neither.
    """
    count = 0
    for link in trees.own_links(record_type):
        has = {record.pk: link.get(record) for record, _values in decided}
        takes = {record.pk: values.get(link.name, has[record.pk]) for record, values in decided}
        emptied = trees.closed_by_merge(record_type, link, has, into)
        if emptied:
            rows = [(record, {link.name: None}) for record, _values in decided if record.pk in emptied]
            how: dict[str, Any] = {"user": batch.user, "batch": batch, "is_trusted": True, "is_stored": True}
            written(records.save_many(record_type, rows, **how))
        closed = emptied if takes == has else trees.closed_by_merge(record_type, link, takes, into)
        for record, values in decided:
            values.update({link.name: None} if record.pk in closed else {})
        count += len(closed)
    return count


def written(drafts: Iterable[Draft]) -> None:
    errors: dict[str, list[str]] = defaultdict(list)
    for draft in drafts:
        for name, messages in draft.errors.items():
            errors[name] += messages
    if errors:
        raise Invalid(errors)
