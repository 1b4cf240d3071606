"""Which value of a lead goes where when it is converted: as Kariz ships it, or as administrators have changed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kariz import audit
from kariz.accounts import company
from kariz.accounts.revision import by_revision
from kariz.core import choices, registry
from kariz.core.fields import Field
from kariz.core.registry import RecordType
from kariz.records.leads.models import ConversionSetting
from kariz.records.organizations.addresses import ADDRESS

TARGETS = ("organization", "contact", "opportunity")
TEXTS = ("text", "long_text")
# What the conversion itself says of the new records.
KEPT = (
    "owner",
    "lead",
    "origin",
    "organization",
    "primary_contact",
    "created_by",
    "created_at",
    "updated_at",
    "completeness",
)

# Type of the new record → its field → the lead's field.
SHIPPED: dict[str, dict[str, str]] = {
    "organization": {
        "name": "company",
        "phone": "company_phone",
        "email": "company_email",
        **{
            name: name
            for name in (
                "fax", "website", "industry", "rating", "employees", "annual_revenue", "currency", "needs",
                "description", *ADDRESS,
            )
        },
    },
    "contact": {
        name: name
        for name in (
            "salutation", "name", "job_title", "is_authorised", "phone", "email", "social_profiles",
            "is_phone_verified", "phone_verified_at", "phone_verified_by", "is_do_not_call", "is_opted_out", "source",
            "needs", "description", *ADDRESS,
        )
    },
    "opportunity": {
        "name": "title",
        "amount": "budget",
        "requested": "needs",
        **{
            name: name
            for name in (
                "currency", "source", "competitors", "objections", "next_contact_on", "products", "services",
                "description",
            )
        },
    },
}  # fmt: skip


@by_revision
def _changed() -> dict[str, dict[str, str]]:
    setting = ConversionSetting.objects.filter(pk=1).first()
    return setting.mapping if setting else {}


def is_changed() -> bool:
    """Whether administrators have another mapping than the shipped one."""
    return bool(_changed())


def names() -> dict[str, dict[str, str]]:
    """The mapping in force, by the names of the fields."""
    return {target: _names(registry.get(target)) for target in TARGETS}


def _names(target: RecordType) -> dict[str, str]:
    return _changed().get(target.name) or SHIPPED[target.name] | _alike(target)


def of(target: RecordType) -> dict[Field, Field]:
    """The fields of `target` that a lead fills, and the lead's field for each. What is gone since is left out."""
    lead = registry.get("lead").all_fields
    pairs = ((target.all_fields.get(name), lead.get(source)) for name, source in _names(target).items())
    return {into: source for into, source in pairs if into and source and fits(source, into)}


def _alike(target: RecordType) -> dict[str, str]:
    """Custom fields of the same name go into each other without being told."""
    custom = (name for name, field in registry.get("lead").all_fields.items() if field.is_custom)
    return {name: name for name in custom if name in target.all_fields and target.all_fields[name].is_custom}


def fits(source: Field, into: Field) -> bool:
    """Whether a value of one field can be a value of the other; a text takes any."""
    same = source.type.name == into.type.name and source.target == into.target
    return not into.formula and (same or into.type.name in TEXTS)


def change(mapping: Mapping[str, Mapping[str, str]]) -> None:
    """Keep another mapping; an empty one is the shipped one."""
    with audit.changing("settings.changed", ConversionSetting(pk=1)):
        ConversionSetting.objects.update_or_create(pk=1, defaults={"mapping": mapping})
        company.touch()


def carried(lead: Any, target: RecordType) -> dict[Field, Any]:
    """What the lead gives to a new record of `target`: the values that are not empty, as its fields take them."""
    found = {into: _value(source, into, source.get(lead)) for into, source in of(target).items()}
    return {into: value for into, value in found.items() if not into.type.is_empty(value)}


def _value(source: Field, into: Field, value: Any) -> Any:
    if source.type.is_empty(value):
        return None
    if source.type.name != into.type.name:
        return source.show(value)
    if into.type.name == "choice":
        return _choice(source, into, value)
    if into.type.name == "links":
        return _on_offer(registry.get(into.target), value)
    return value


def _choice(source: Field, into: Field, key: str) -> str | None:
    """The choice of the other field with the same key, else the one that reads alike."""
    held = choices.find(source.record_type, source.name, key)
    found = choices.find(into.record_type, into.name, key) or (
        choices.named(into.record_type, into.name, held.label) if held else None
    )
    return found.key if found and not found.is_removed else None


def _on_offer(target: RecordType, ids: list[int]) -> list[int]:
    known = target.model.objects.filter(pk__in=ids)
    return sorted(
        (known.filter(**{target.retired: False}) if target.retired else known).values_list("pk", flat=True)
    )
