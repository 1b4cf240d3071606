"""What administrators do with the values of choice fields, stages and pipelines among them. Effective at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz import audit, jobs
from kariz.accounts import company
from kariz.accounts.models import User
from kariz.core import choices, records, registry
from kariz.core.fieldtypes import FieldError
from kariz.core.models import ChangeBatch, Choice
from kariz.core.registry import RecordType
from kariz.lib.text import slug

AT_ONCE = 1000

audit.kind("settings.choice", gettext_lazy("Choice or stage changed"))
audit.kind("settings.order", gettext_lazy("Order of choices changed"))


@transaction.atomic
def seed_choices(**_: Any) -> None:
    """Store the choices that record types ship, where a field has none yet."""
    held = set(Choice.objects.values_list("record_type", "field"))
    new = [
        Choice(record_type=record_type.name, field=name, position=position, **seed.attributes)
        for record_type in registry.every()
        for name, seeds in record_type.choices.items()
        if (record_type.name, name) not in held
        for position, seed in enumerate(seeds)
    ]
    if new:
        Choice.objects.bulk_create(new)
        company.touch()


@transaction.atomic
def add_choice(
    record_type: RecordType, field: str, *, label: str, group: str = "", **attributes: Any
) -> Choice:
    """Add a choice at the end. Raises `ValidationError`."""
    return _write(_new(record_type, field, label, group), **attributes)


def _new(record_type: RecordType, field: str, label: str, group: str) -> Choice:
    """An unsaved choice at the end, whose key no other choice of the field has ever had."""
    held = Choice.objects.filter(record_type=record_type.name, field=field)
    last = held.filter(group=group).aggregate(Max("position"))["position__max"]
    key = slug(label, held.values_list("key", flat=True))
    position = 0 if last is None else last + 1
    return Choice(
        record_type=record_type.name, field=field, group=group, key=key, label=label, position=position
    )


@transaction.atomic
def change_choice(choice: Choice, **attributes: Any) -> Choice:
    """Change some attributes of a choice. Raises `ValidationError`, also where Kariz could not do without it."""
    row = Choice.objects.get(pk=choice.pk)  # what `choices` gives belongs to its cache
    if attributes.get("is_hidden") and not row.is_hidden and (reason := why_needed(row)):
        raise ValidationError({"is_hidden": reason})
    if attributes.get("outcome", row.outcome) != row.outcome and (reason := _why_outcome_needed(row)):
        raise ValidationError({"outcome": reason})
    if str(attributes.get("label", "")).strip() == _(row.label):
        attributes["label"] = row.label  # only read in translation, so it stays translatable
    days = row.expected_days
    written = _write(row, **attributes)
    if written.expected_days != days:
        # The days from which records are late have been kept with them.
        jobs.enqueue("recompute_records", unique_key=row.record_type, record_type=row.record_type)
    return written


def _write(choice: Choice, *, sets: Mapping[str, Any] | None = None, **attributes: Any) -> Choice:
    for name, value in attributes.items():
        setattr(choice, name, value)
    choice.label = choice.label.strip()
    if sets is not None:
        choice.sets = _stored(choice, sets)
    choice.full_clean(validate_unique=False, validate_constraints=False)
    if choice.is_default:
        same = Choice.objects.filter(record_type=choice.record_type, field=choice.field, group=choice.group)
        same.exclude(pk=choice.pk).update(is_default=False)
    with _changing(choice):
        choice.save()
    company.touch()
    return choice


def _changing(choice: Choice) -> AbstractContextManager[None]:
    return audit.changing("settings.choice", choice, field=f"{choice.record_type}.{choice.field}")


def _stored(choice: Choice, sets: Mapping[str, Any]) -> dict[str, Any]:
    """What a stage sets, from the values as typed."""
    fields = registry.get(choice.record_type).all_fields
    stored = {}
    for name, raw in sets.items():
        if name not in fields:
            raise ValidationError({"sets": _("There is no field “%(name)s”.") % {"name": name}})
        try:
            value = fields[name].parse(raw)
        except FieldError as error:
            raise ValidationError({"sets": str(error)}) from None
        if not fields[name].type.is_empty(value):
            stored[name] = fields[name].type.store(value)
    return stored


@transaction.atomic
def order_choices(record_type: RecordType, field: str, keys: Sequence[str], group: str = "") -> None:
    """Put the choices of a field in the order of `keys`."""
    held = {c.key: c for c in Choice.objects.filter(record_type=record_type.name, field=field, group=group)}
    before = list(held)
    for position, key in enumerate(keys):
        if key in held:
            held[key].position = position
    Choice.objects.bulk_update(held.values(), ["position"])
    after = sorted(held, key=lambda key: held[key].position)
    if after != before:
        about = (record_type.name, None, f"{record_type.name}.{field}")
        audit.note("settings.order", about=about, changes={"order": [before, after]})
    company.touch()


def why_needed(choice: Choice) -> str:
    """Why this choice can be neither hidden nor removed, for the administrator; empty where it can."""
    record_type = registry.get(choice.record_type)
    if any(seed.is_fixed and seed.key == choice.key for seed in record_type.choices.get(choice.field, ())):
        return _("Kariz sets this value itself. You can rename it.")
    if choice.is_default:
        return _("New records get this value. Make another value the default first.")
    is_group = any(field.group == choice.field for field in record_type.all_fields.values())
    if is_group and not _others(choice):
        return _("This is the last one, and every record needs one.")
    return _why_outcome_needed(choice)


def _why_outcome_needed(choice: Choice) -> str:
    if choice.field != registry.get(choice.record_type).path or choice.is_hidden:
        return ""
    if choice.outcome in {other.outcome for other in _others(choice)}:
        return ""
    words = {"outcome": Choice.Outcome(choice.outcome).label}
    return _("This is the last stage whose outcome is “%(outcome)s”. Add another one first.") % words


def _others(choice: Choice) -> list[Choice]:
    """The visible choices beside which this one stands."""
    same = choices.of(choice.record_type, choice.field, choice.group)
    return [other for other in same if other.pk != choice.pk]


def used_count(choice: Choice) -> int:
    """How many records have this choice."""
    record_type = registry.get(choice.record_type)
    return records.visible(record_type, None, where=_holding(record_type, choice)).order_by().count()


@transaction.atomic
def remove_choice(choice: Choice, user: User, *, move_to: str = "") -> ChangeBatch | None:
    """Remove a choice; the records that have it move to `move_to`, as a batch. Raises `ValidationError`.

    The row stays for the names in the history, and so that `restore_choice` can bring it back.
    """
    if not choice.is_hidden and (reason := why_needed(choice)):
        raise ValidationError(reason)
    batch = None
    if used_count(choice):
        if move_to not in {other.key for other in _others(choice)}:
            raise ValidationError({"move_to": _("Choose the value that these records get instead.")})
        batch = records.batch_of("bulk edit", user, _(choice.label))
        _move(choice, move_to, batch)
    with _changing(choice):
        Choice.objects.filter(pk=choice.pk).update(is_removed=True, is_default=False)
    company.touch()
    return batch


def _move(choice: Choice, move_to: str, batch: ChangeBatch) -> None:
    record_type = registry.get(choice.record_type)
    field = record_type.all_fields[choice.field]
    holding = records.visible(record_type, None, where=_holding(record_type, choice)).order_by("pk")
    while chunk := list(holding[:AT_ONCE]):
        rows = [
            (record, {choice.field: _replaced(field.get(record), choice.key, move_to)}) for record in chunk
        ]
        for draft in records.save_many(record_type, rows, user=batch.user, batch=batch, is_trusted=True):
            if choice.field not in draft.changes:
                title = record_type.all_fields[record_type.title].get(draft.record)
                raise ValidationError(_("“%(record)s” cannot get another value.") % {"record": title})


def _replaced(value: Any, key: str, by: str) -> Any:
    if not isinstance(value, list):
        return by
    return list(dict.fromkeys(by if one == key else one for one in value))


@transaction.atomic
def restore_choice(choice: Choice) -> None:
    """Bring a removed or hidden choice back."""
    with _changing(choice):
        Choice.objects.filter(pk=choice.pk).update(is_removed=False, is_hidden=False)
    company.touch()


@transaction.atomic
def add_group(record_type: RecordType, field: str, *, label: str, like: str, **attributes: Any) -> Choice:
    """Add a group such as a pipeline, with choices of its own like those of the group `like`."""
    group = add_choice(record_type, field, label=label, **attributes)
    copied = ("colour", "is_default", "outcome", "expected_days", "asks", "sets", "guide")
    for grouped in (one.name for one in record_type.all_fields.values() if one.group == field):
        for choice in choices.of(record_type.name, grouped, like):
            copy = _new(record_type, grouped, choice.label, group.key)
            for name in copied:
                setattr(copy, name, getattr(choice, name))
            with _changing(copy):
                copy.save()
    company.touch()
    return group


def _holding(record_type: RecordType, choice: Choice) -> dict[str, Any]:
    field = record_type.all_fields[choice.field]
    leaf = (
        [choice.field, "has_any", [choice.key]]
        if field.type.name == "choices"
        else [choice.field, "is", choice.key]
    )
    group = [[field.group, "is", choice.group]] if field.group and choice.group else []
    return {"all": [leaf, *group]}
