"""Links between records: loading the linked ids and the names of linked records, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import access, registry
from kariz.core.fieldtypes.links import LARGEST_ID
from kariz.core.models import Link, SearchRow

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

NAMED = ("record_type", "record_id", "title", "owner_id")

Names = dict[tuple[str, int], str]


class Unseen(str):
    """Stands in `Names` for the name of a record that is there, but not for this reader."""

    __slots__ = ()


def load(record_type: RecordType, records: Sequence[Any], names: Iterable[str] | None = None) -> None:
    """Give each record its `<field>_ids`, in one query for all of them."""
    wanted = [name for name in record_type.links if names is None or name in names]
    if not wanted or not records:
        return
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    saved = [record.pk for record in records if record.pk]
    if saved:
        rows = Link.objects.filter(record_type=record_type.name, record_id__in=saved, field__in=wanted)
        for record_id, name, target_id in rows.values_list("record_id", "field", "target_id"):
            found[record_id, name].append(target_id)
    for record in records:
        for name in wanted:
            setattr(record, f"{name}_ids", sorted(found[record.pk, name]))


def names(fields: Iterable[Field], records: Iterable[Any], user: User | None) -> Names:
    """The names of all records that these fields link to, as `user` may know them; in two queries."""
    wanted: dict[str, set[int]] = defaultdict(set)
    listed = list(records)
    for field in fields:
        if field.target:
            for record in listed:
                value = field.get(record)
                wanted[field.target].update(value if isinstance(value, list) else [value] if value else [])
    return names_of(wanted, user)


def names_of(wanted: dict[str, set[int]], user: User | None) -> Names:
    """(target, id) → name; `Unseen` for a record that `user` may not see, nothing for one that is not there.

    Two queries whatever the targets, three where more than owners decide: the search rows hold all names.
    """
    found: Names = {}
    wanted = {target: {pk for pk in ids if pk <= LARGEST_ID} for target, ids in wanted.items()}
    if people := wanted.get("user"):
        users = User.objects.filter(pk__in=people).only("name", "username")
        found |= {("user", person.pk): str(person) for person in users}
    linked = {target: ids for target, ids in wanted.items() if ids and target != "user"}
    if linked:
        asked = [Q(record_type=target, record_id__in=ids) for target, ids in linked.items()]
        rows = list(SearchRow.objects.filter(reduce(or_, asked)).values_list(*NAMED))
        owners: dict[str, dict[int, int | None]] = {target: {} for target in linked}
        for target, pk, _title, owner_id in rows:
            owners[target][pk] = owner_id
        seen = access.seen_among(owners, user)
        for target, pk, title, _owner_id in rows:
            found[target, pk] = title if (target, pk) in seen else Unseen(_("Not visible to you"))
    return found


def pointing_at(record_type: RecordType) -> list[tuple[RecordType, Field]]:
    """Every field of every type whose target is `record_type`: what its related lists and deletions go through."""
    return [
        (other, field)
        for other in registry.every()
        for field in other.all_fields.values()
        if field.target == record_type.name
    ]
