"""Reading what records say: of several types in one statement, and only what is compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import TextField, Value
from django.db.models.functions import Cast

from kariz.core import records
from kariz.core.fields import Field
from kariz.features.duplicates import rules
from kariz.features.duplicates.rules import Recognition
from kariz.features.duplicates.sides import Side, side

if TYPE_CHECKING:
    from kariz.accounts.models import User

Named = tuple[str, int]
"""A record: its type and id."""

HEAD = ("pk", "owner_id", "owner__name", "owner__username")


@dataclass(frozen=True)
class Read:
    """A record that may be compared, and the records that it was made from. `values` are field → stored, as text."""

    recognition: Recognition
    pk: int
    title: str
    owner_id: int | None
    owner: str
    side: Side
    values: Mapping[str, Any]
    origins: frozenset[Named]

    @property
    def named(self) -> Named:
        return self.recognition.record_type.name, self.pk

    def is_kin_of(self, other: Read) -> bool:
        """Whether one was made from the other: a lead and its interest are no duplicates."""
        return self.named in other.origins or other.named in self.origins


def read(wanted: Mapping[str, Collection[int]], user: User | None) -> dict[Named, Read]:
    """What these records say, those that `user` sees and that are not locked: (type, id) → what was read."""
    recognitions = {
        number: rules.seen_by(found, user)
        for number, name in enumerate(wanted)
        if wanted[name] and (found := rules.every().get(name)) is not None
    }
    if not recognitions:
        return {}
    width = max(len(_columns(one)) for one in recognitions.values())
    parts = [_rows(one, number, width, wanted, user) for number, one in recognitions.items()]
    first, *others = parts
    made = (_read(recognitions[row[0]], row) for row in (first.union(*others, all=True) if others else first))
    return {one.named: one for one in made}


def _columns(recognition: Recognition) -> list[Field]:
    """The fields to read: the title, the compared ones, those that lead to where a record came from."""
    fields = recognition.record_type.all_fields
    names = dict.fromkeys((
        recognition.record_type.title,
        *(part.field.name for part in recognition.parts),
        *recognition.record_type.origin,
    ))  # fmt: skip
    return [fields[name] for name in names if name in fields]


def _rows(
    recognition: Recognition,
    number: int,
    width: int,
    wanted: Mapping[str, Collection[int]],
    user: User | None,
) -> Any:
    """All columns as text, so that those of different types stand below each other."""
    record_type = recognition.record_type
    found = records.visible(record_type, user).order_by().filter(pk__in=wanted[record_type.name])
    if record_type.locked:
        found = found.filter(**{record_type.locked: False})
    texts: list[Any] = [Cast(field.expression, TextField()) for field in _columns(recognition)]
    texts += [Value(None, TextField())] * (width - len(texts))
    columns = {f"compared_{place}": text for place, text in enumerate(texts)}
    return found.annotate(part=Value(number), **columns).values_list("part", *HEAD, *columns)


def _read(recognition: Recognition, row: tuple[Any, ...]) -> Read:
    _part, pk, owner_id, owner, username, *texts = row
    columns = _columns(recognition)
    values = dict(zip((field.name for field in columns), texts, strict=False))
    fields = recognition.record_type.all_fields
    return Read(
        recognition,
        pk,
        str(values[recognition.record_type.title] or ""),
        owner_id,
        owner or username or "",
        side(recognition, lambda field: values.get(field.name)),
        values,
        frozenset(
            (fields[name].target, int(values[name]))
            for name in recognition.record_type.origin
            if values.get(name)
        ),
    )
