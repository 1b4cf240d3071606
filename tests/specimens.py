"""A valid record of any type, made from its declaration alone: what a person would type into each field."""

from typing import Any

from kariz.accounts.models import User
from kariz.core import choices, links, records, registry
from kariz.core.drafts import stored_values
from kariz.core.fields import Field
from kariz.core.registry import RecordType

TYPED = {
    "long_text": "First line\nSecond line",
    "money": "1200",
    "percent": "40",
    "date": "2026-05-14",
    "moment": "2026-05-14 14:30",
    "yes_no": "true",
    "email": "sara@example.com",
    "phone": "+98 21 8888 1234",
    "url": "https://example.com/page",
}
# What rules of the type keep empty while the record is new.
KEPT_EMPTY = {"lead": {"consent_withdrawn_at"}, "opportunity": {"closed_on"}}


def fields(record_type: RecordType) -> dict[str, Field]:
    """Those that a person fills in."""
    skipped = KEPT_EMPTY.get(record_type.name, set())
    return {
        name: one for name, one in record_type.fields.items() if not one.is_readonly and name not in skipped
    }


def naming(record_type: RecordType) -> str:
    """The field in which a person names the record."""
    title = record_type.fields[record_type.title]
    return record_type.quick[0] if title.is_readonly else title.name


def least(record_type: RecordType, name: str = "Sara", /, **values: Any) -> dict[str, Any]:
    """The quick form's values without links: enough to be saved."""
    known = fields(record_type)
    wanted = {n for n in record_type.quick if n in known and not known[n].target}
    wanted |= {n for n, one in known.items() if one.is_required}
    plain = {n: typed(known[n], name=name) for n in record_type.fields if n in wanted}
    return plain | {naming(record_type): name} | values


def every(record_type: RecordType, owner: User, name: str = "Sara", /, **values: Any) -> dict[str, Any]:
    """A value for every field that a person can fill in, the linked records made for it."""
    found = {n: typed(one, owner, name) for n, one in fields(record_type).items()}
    return found | {"owner": str(owner.pk), naming(record_type): name} | values


def typed(field: Field, owner: User | None = None, name: str = "Sara") -> Any:
    """What a person would type about `name`; a linked record is made where there is none yet."""
    kind = field.type.name
    if field.target:
        pk = str(_linked(field, owner))
        return [pk] if kind == "links" else pk
    if kind in ("choice", "choices"):
        key = _choice(field)
        return [key] if kind == "choices" else key
    if field.name == "currency":
        return "USD"
    if kind == "text":
        return f"{field.name} of {name}"[: field.max_length]
    return TYPED[kind] if kind != "number" else str(max(field.least, min(field.most, 7)))


def _choice(field: Field) -> str:
    group = choices.default(field.record_type, field.group) if field.group else None
    default = choices.default(field.record_type, field.name, group)
    return default or next((one.key for one in choices.of(field.record_type, field.name, group)), "")


def _linked(field: Field, owner: User | None) -> int | None:
    if field.target == "user":
        return owner.pk if owner else None
    target = registry.get(field.target)
    name = f"The {target.name}"
    found = target.model.objects.filter(**{target.title: name}).first()
    return (found or make(target, owner, name)).pk


def make(record_type: RecordType, owner: User | None, name: str = "Sara", /, **values: Any) -> Any:
    """The least record of the type."""
    given = least(record_type, name, owner=owner.pk if owner else "", **values)
    return records.save(record_type, record_type.model(), given, user=None)


def make_full(record_type: RecordType, owner: User, name: str = "Sara", /, **values: Any) -> Any:
    given = every(record_type, owner, name, **values)
    return records.save(record_type, record_type.model(), given, user=None)


def current(record: Any) -> Any:
    """The record as it now is, with its links."""
    found = type(record).objects.get(pk=record.pk)
    links.load(registry.of(record), [found])
    return found


def title(record: Any) -> str:
    record_type = registry.of(record)
    return str(record_type.fields[record_type.title].get(current(record)))


def held(record: Any) -> dict[str, Any]:
    """All that the record holds, as it is stored; the moment of the last change aside."""
    found = stored_values(registry.of(record), current(record))
    return {name: value for name, value in found.items() if name != "updated_at"}
