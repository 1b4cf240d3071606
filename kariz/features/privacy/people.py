"""Who counts as a person, by what one is known, and which fields are personal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from kariz.accounts import company
from kariz.accounts.revision import by_revision
from kariz.core import duplicates, registry
from kariz.core.erasing import ERASED, MASK
from kariz.core.fields import KEPT
from kariz.core.models import Change
from kariz.features.privacy.models import PersonalField
from kariz.lib.mentions import TELLING, Mentions
from kariz.lib.text import digits

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

REACHING = ("email", "phone")
PERSONAL = ("text", "long_text", "email", "phone", "url")
NEVER = {*KEPT, "owner", "currency"}
TELLS_ENOUGH = 40  # points: what is compared for less is often shared, such as the number of a company
HELD = frozenset({"links", "lookup", "user"})


def is_person(record_type: RecordType) -> bool:
    """Whether records of the type can be reached: by e-mail or by phone."""
    return any(one.type.name in REACHING for one in record_type.all_fields.values())


def types() -> list[RecordType]:
    return [one for one in registry.every() if is_person(one)]


def may_be_one(name: str, other: str) -> bool:
    """Whether records of these types may be the same person: they are compared with each other as duplicates."""
    rules = duplicates.shipped()
    return name in rules and other in rules and rules[name].family == rules[other].family


@by_revision
def _decided() -> dict[tuple[str, str], bool]:
    return {(row.record_type, row.field): row.is_personal for row in PersonalField.objects.all()}


@transaction.atomic
def decide(record_type: RecordType, fields: Iterable[Field], ticked: Collection[str]) -> None:
    """Keep which of these fields are personal; only what differs from their types is kept."""
    PersonalField.objects.filter(
        record_type=record_type.name, field__in=[one.name for one in fields]
    ).delete()
    PersonalField.objects.bulk_create(
        PersonalField(record_type=record_type.name, field=one.name, is_personal=one.name in ticked)
        for one in fields
        if (one.name in ticked) != (one.type.name in PERSONAL)
    )
    company.touch()


def may_be_personal(field: Field) -> bool:
    """Whether the field can be emptied: links, what is computed and what Kariz keeps stay."""
    if field.name in NEVER or field.type.name in HELD or field.formula:
        return False
    if field.type.name in PERSONAL:
        return True
    is_emptied = field.is_custom or field.is_nullable or field.type.empty in ("", ())
    return is_emptied and not field.is_required and not field.is_readonly


def is_personal(field: Field) -> bool:
    decided = _decided().get((field.record_type, field.name))
    if field.name in NEVER or field.type.name in HELD:
        return False
    return field.type.name in PERSONAL if decided is None else decided


def personal(record_type: RecordType) -> dict[str, Field]:
    """The fields whose values are erased, hidden and computed ones included."""
    return {name: one for name, one in record_type.all_fields.items() if is_personal(one)}


def identifying(record_type: RecordType) -> dict[str, str]:
    """Field → what it is to `Mentions`: emails, numbers, names or others. Numbers that several share are none."""
    rule = duplicates.shipped().get(record_type.name)
    custom = {
        one.name: {"email": "emails", "phone": "numbers"}[one.type.name]
        for one in record_type.all_fields.values()
        if one.type.name in REACHING and (one.is_custom or rule is None)
    }
    if rule is None:
        return custom | {record_type.title: "names"}
    meant = {"email": "emails", "phone": "numbers", "name": "names", "exact": "others", "text": "others"}
    telling = [part for part in rule.parts if part.weight >= TELLS_ENOUGH]
    names = {} if any(part.kind == "name" for part in telling) else {record_type.title: "names"}
    return {**names, **{part.field: meant[part.kind] for part in telling if part.kind in meant}, **custom}


Words = Mapping[str, set[str]]


def words(records: Mapping[str, Iterable[Any]], ids: Mapping[str, Iterable[int]]) -> Words:
    """What names these people: what the records say, and what their history says they said before."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, listed in records.items():
        telling = _fields(registry.get(name))
        for record in listed:
            for one, kind in telling:
                _add(found, kind, one.get(record))
    for name, pks in ids.items():
        kinds = identifying(registry.get(name))
        for values in Change.objects.filter(record_type=name, record_id__in=pks).values_list(
            "values", flat=True
        ):
            for field in kinds.keys() & values.keys():
                for value in values[field]:
                    _add(found, kinds[field], value)
    return found


def _fields(record_type: RecordType) -> list[tuple[Field, str]]:
    fields = record_type.all_fields
    return [(fields[name], kind) for name, kind in identifying(record_type).items() if name in fields]


def _add(found: dict[str, set[str]], kind: str, value: Any) -> None:
    if not isinstance(value, str) or value.strip() in ("", ERASED, MASK):
        return
    found[kind].add(value)
    if kind == "others" and len(digits(value)) >= TELLING:
        found["numbers"].add(value)


def mentions(said: Words) -> Mentions:
    return Mentions(**{kind: said.get(kind, ()) for kind in ("emails", "numbers", "names", "others")})


def needles(said: Words) -> tuple[str, ...]:
    """Texts of which one occurs in whatever mentions them, as far as a database can look for that."""
    ends = {digits(number.partition(";")[0])[-TELLING:] for number in said.get("numbers", ())}
    names = {max(name.split(), key=len) for name in said.get("names", ())}  # in whatever order it is said
    whole = {one for kind in ("emails", "others") for one in said.get(kind, ())}
    return tuple(sorted(ends | names | whole))
