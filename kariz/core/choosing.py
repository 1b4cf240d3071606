"""Which values win when several records become one: field by field, each of one of them or of all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from kariz.core.fields import KEPT, Field

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

ALL = "all"
"""Instead of a record's id: the values of all records together."""
SEVERAL = ("links", "choices")
CURRENCY = "currency"


@dataclass(frozen=True)
class Part:
    """Fields whose values come from the same record. The first names the part; `is_offered` to people."""

    fields: tuple[Field, ...]
    is_offered: bool = True

    @property
    def name(self) -> str:
        return self.fields[0].name

    @property
    def field(self) -> Field:
        return self.fields[0]

    def values(self, record: Any) -> list[Any]:
        """What the record holds, as it is stored."""
        return [field.type.store(field.get(record)) for field in self.fields]

    def is_blank(self, record: Any) -> bool:
        """Whether the record says nothing here; a no that is nobody's answer, and a currency alone, say nothing."""
        telling = [one for one in self.fields if one.name != CURRENCY] or self.fields
        return all(
            one.type.is_empty(value) or value is False for one in telling for value in [one.get(record)]
        )

    def may_unite(self, records: Sequence[Any]) -> bool:
        """Whether the values of all can stand together in one record."""
        if len(self.fields) > 1 or self.field.type.name not in (*SEVERAL, "long_text"):
            return False
        return (
            len(str(self.united(records) or "")) <= self.field.max_length or self.field.type.name in SEVERAL
        )

    def united(self, records: Sequence[Any]) -> Any:
        """The values of all together, as they are stored: every link and choice once, texts below each other."""
        values = [value for record in records for value in self.values(record) if value]
        if self.field.type.name in SEVERAL:
            return list(dict.fromkeys(one for value in values for one in value))
        return "\n\n".join(dict.fromkeys(values))

    def differs(self, records: Sequence[Any]) -> bool:
        """Whether people have said different things; what Kariz keeps beside them follows."""
        said = [one for one in self.fields if not one.is_readonly] or self.fields
        first, *others = ([one.type.store(one.get(record)) for one in said] for record in records)
        return any(values != first for values in others)

    def winner(self, records: Sequence[Any]) -> int | str:
        """Without anybody's choice: all lists together, else the first record that says something here.

        The id of a record, or `ALL`.
        """
        if self.field.type.name in SEVERAL and len(self.fields) == 1:
            return ALL
        telling: int = next((one.pk for one in records if not self.is_blank(one)), records[0].pk)
        return telling


def parts(record_type: RecordType, records: Sequence[Any]) -> list[Part]:
    """What a merge of these records decides on, in the order of the form; fields that belong together are one part."""
    known = {
        name: field
        for name, field in (record_type.fields | record_type.all_fields).items()
        if name not in KEPT and not field.formula
    }
    families = _families(record_type, known, records)
    found: dict[str, Part] = {}
    for name in known:
        names = next((family for family in families if name in family), [name])
        together = tuple(known[one] for one in names)
        is_offered = any(not one.is_readonly and not one.is_hidden for one in together)
        found.setdefault(names[0], Part(together, is_offered))
    return list(found.values())


def _families(record_type: RecordType, known: Mapping[str, Field], records: Sequence[Any]) -> list[list[str]]:
    """Names that go together: as declared, amounts in different currencies, choices that depend on others."""
    wanted = [[name for name in names if name in known] for names in record_type.together]
    if CURRENCY in known and len({known[CURRENCY].get(record) for record in records}) > 1:
        wanted.append([name for name, field in known.items() if field.type.name == "money"] + [CURRENCY])
    wanted += [[field.group, name] for name, field in known.items() if field.group in known]
    found: list[list[str]] = []
    for names in wanted:
        met = [family for family in found if not set(family).isdisjoint(names)]
        joined = dict.fromkeys(chain(*met, names))
        found = [family for family in found if family not in met] + [list(joined)]
    return [family for family in found if family]


def chosen(record_type: RecordType, records: Sequence[Any], take: Mapping[str, int | str]) -> dict[str, Any]:
    """The values of the record that `records`, the primary first, become: field → as it is stored.

    `take` is a field → the id of the record whose value wins, or `ALL`. Raises `KeyError` for an id or a field that is
    not among them.
    """
    by_id: dict[int | str, Any] = {record.pk: record for record in records}
    decided = parts(record_type, records)
    unknown = take.keys() - {field.name for part in decided for field in part.fields}
    if unknown:
        raise KeyError(*unknown)
    found: dict[str, Any] = {}
    for part in decided:
        said = (take[field.name] for field in part.fields if field.name in take)
        wanted = next(said, None) or part.winner(records)
        if wanted == ALL and part.may_unite(records):
            found[part.name] = part.united(records)
        else:
            names = (field.name for field in part.fields)
            found |= zip(names, part.values(by_id[wanted]), strict=True)
    return {name: _elsewhere(record_type, name, value, by_id) for name, value in found.items()}


def _elsewhere(record_type: RecordType, name: str, value: Any, ours: Mapping[int | str, Any]) -> Any:
    """The value without links to the records that become one: none of them points at itself."""
    if record_type.all_fields[name].target != record_type.name:
        return value
    if isinstance(value, list):
        return [pk for pk in value if pk not in ours]
    return None if value in ours else value
