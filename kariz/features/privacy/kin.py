"""Which other records may be the same person, and which belong to it without being one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from kariz.core import forwards, links, registry
from kariz.core.conditions import MOST_LEAVES, matching
from kariz.core.models import SearchRow
from kariz.features.privacy import people

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

MOST = 50
Ids = dict[str, list[int]]


@dataclass(frozen=True)
class Relative:
    """A record that may be the same person, and why; `is_likely` where they share an address or a number."""

    record_type: RecordType
    pk: int
    title: str
    reason: str
    is_likely: bool

    @property
    def key(self) -> str:
        return f"{self.record_type.name}:{self.pk}"


def whole(records: Mapping[str, Iterable[int]]) -> Ids:
    """These records and all that have become part of them."""
    found: dict[str, set[int]] = defaultdict(set)
    for name, ids in records.items():
        for pk in ids:
            found[name] |= {pk, *forwards.absorbed(registry.get(name), pk)}
    return {name: sorted(ids) for name, ids in found.items()}


def linked(records: Mapping[str, Sequence[int]]) -> Ids:
    """Every record that one of these names or is named by, in any field."""
    found: dict[str, set[int]] = defaultdict(set)
    for name, ids in records.items():
        record_type = registry.get(name)
        for other, pks in _named_by(record_type, ids):
            found[other] |= pks
        for other_type, field in links.pointing_at(record_type):
            operator = "links_any" if field.type.name == "links" else "one_of"
            held = matching(
                other_type.model.objects.all(), other_type, [field.name, operator, list(ids)], None
            )
            found[other_type.name] |= set(held.values_list("pk", flat=True))
    for name, ids in records.items():
        found[name] -= set(ids)
    return {name: sorted(ids) for name, ids in found.items() if ids}


def _named_by(record_type: RecordType, ids: Sequence[int]) -> Iterator[tuple[str, set[int]]]:
    pointing = [one for one in record_type.all_fields.values() if one.target and one.target != "user"]
    held = list(record_type.model.objects.filter(pk__in=ids))
    links.load(record_type, held)
    for field in pointing:
        values = (field.get(record) for record in held)
        yield (
            field.target,
            {pk for value in values for pk in (value if isinstance(value, list) else [value]) if pk},
        )


def strangers(records: Mapping[str, Sequence[int]]) -> Ids:
    """The linked records that are no persons: their texts may name one, and stay otherwise."""
    return {name: ids for name, ids in linked(records).items() if not people.is_person(registry.get(name))}


def relatives(record_type: RecordType, record: Any) -> list[Relative]:
    """Records of persons that are linked to this one or share an address or a number with it, the likely ones first."""
    own = whole({record_type.name: [record.pk]})
    sharing = _sharing(people.words({record_type.name: [record]}, own), own)
    near = {name: ids for name, ids in linked(own).items() if people.is_person(registry.get(name))}
    wanted = {name: {*near.get(name, ()), *sharing.get(name, ())} for name in {*near, *sharing}}
    rows = SearchRow.objects.filter(
        reduce(or_, (Q(record_type=n, record_id__in=ids) for n, ids in wanted.items()), Q(pk__in=()))
    )
    found = [
        _relative(name, pk, title, is_likely=pk in sharing.get(name, ()))
        for name, pk, title in rows.values_list("record_type", "record_id", "title")
    ]
    return sorted(found, key=lambda one: (not one.is_likely, one.record_type.position, one.pk))[:MOST]


def _relative(name: str, pk: int, title: str, *, is_likely: bool) -> Relative:
    reason = _("Has the same e-mail or phone.") if is_likely else _("Is linked to it.")
    return Relative(registry.get(name), pk, title, reason, is_likely)


def _sharing(said: people.Words, own: Mapping[str, Sequence[int]]) -> Ids:
    """The records of persons that hold one of these addresses or numbers where it identifies."""
    found: Ids = {}
    for record_type in people.types():
        kinds = people.identifying(record_type)
        asked = [
            [name, "is", text]
            for name, kind in kinds.items()
            if kind in ("emails", "numbers") and name in record_type.all_fields
            for text in sorted(said.get(kind, ()))
        ][:MOST_LEAVES]
        if not asked:
            continue
        held = matching(record_type.model.objects.all(), record_type, {"any": asked}, None)
        held = held.exclude(pk__in=own.get(record_type.name, ()))
        found[record_type.name] = list(held.order_by("pk").values_list("pk", flat=True)[:MOST])
    return found
