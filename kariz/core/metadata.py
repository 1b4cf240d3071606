"""How administrators shape a record type: its fields, their layout, what is expected of them. Effective at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kariz import audit, jobs
from kariz.accounts import company, locale
from kariz.core import records, registry
from kariz.core.fields import Field, from_setting
from kariz.core.fieldtypes import TYPES, FieldError
from kariz.core.models import FieldSetting, TypeSetting
from kariz.core.registry import Block, RecordType
from kariz.lib import formulas
from kariz.lib.text import slug

MOST_CUSTOM_FIELDS = 200
AT_ONCE = 1000

audit.kind("settings.field", gettext_lazy("Field changed"))
audit.kind("settings.layout", gettext_lazy("Layout changed"))
audit.kind("settings.completeness", gettext_lazy("Completeness norm changed"))


@transaction.atomic
def add_field(
    record_type: RecordType,
    *,
    label: str,
    type: str,  # noqa: A002  the setting's word
    block: str = "",
    **attributes: Any,
) -> FieldSetting:
    """Add a custom field at the end of a block. Raises `ValidationError` by attribute."""
    taken = set(record_type.all_fields) | {column.name for column in record_type.model._meta.get_fields()}
    if sum(field.is_custom for field in record_type.all_fields.values()) >= MOST_CUSTOM_FIELDS:
        raise ValidationError(
            _("A record type can have %(most)s custom fields.")
            % {"most": locale.active().number(MOST_CUSTOM_FIELDS)}
        )
    setting = FieldSetting(
        record_type=record_type.name, name=slug(label, taken), type=type, label=label.strip(), **attributes
    )
    _check_setting(record_type, setting)
    with audit.changing("settings.field", setting):
        setting.save()
    _put_in_block(record_type, setting.name, block)
    _changed(setting, ("", False))
    return setting


@transaction.atomic
def change_field(record_type: RecordType, name: str, **attributes: Any) -> FieldSetting:
    """Rename, explain, require, hide, restore or reformulate a field. Raises `ValidationError` by attribute."""
    if name not in record_type.all_fields:
        raise ValidationError(_("There is no field “%(name)s”.") % {"name": name})
    setting, _made = FieldSetting.objects.get_or_create(record_type=record_type.name, name=name)
    before = (setting.formula, setting.is_indexed)
    for attribute, value in attributes.items():
        setattr(setting, attribute, value)
    _check_setting(record_type, setting, default_is_typed="default" in attributes)
    with audit.changing("settings.field", setting):
        setting.save()
    _changed(setting, before)
    return setting


def needed(record_type: RecordType) -> frozenset[str]:
    """The fields without which a record of this type cannot be: they are never hidden."""
    shipped = record_type.shipped_fields
    names = {record_type.title, "owner", record_type.path}
    names |= {shipped[record_type.path].group} if record_type.path else set()
    return frozenset(names | {name for name, field in shipped.items() if field.is_required}) - {""}


def _check_setting(record_type: RecordType, setting: FieldSetting, *, default_is_typed: bool = True) -> None:
    if setting.type:
        _check_custom(record_type, setting)
    else:
        _keep_translated(record_type.shipped_fields[setting.name], setting)
    if setting.is_hidden and setting.name in needed(record_type):
        raise ValidationError({"is_hidden": _("Records cannot do without this field.")})
    if default_is_typed and setting.default is not None:
        _store_default(record_type, setting)


def _check_custom(record_type: RecordType, setting: FieldSetting) -> None:
    if not setting.label.strip():
        raise ValidationError({"label": _("A field needs a label.")})
    if setting.type not in TYPES or not TYPES[setting.type].may_be_custom:
        raise ValidationError({"type": _("Choose one of the field types.")})
    if setting.type == "lookup" and setting.target not in {one.name for one in registry.every()}:
        raise ValidationError({"target": _("Choose the type of record that the field links to.")})
    if setting.type == "user":
        setting.target = "user"
    if setting.formula:
        check_formula(record_type, setting.name, setting.formula)


def check_formula(record_type: RecordType, name: str, formula: str) -> formulas.Formula:
    """The formula of a field, read. Raises `ValidationError`."""
    fields = {
        n: f
        for n, f in record_type.all_fields.items()
        if f.type.name not in ("links", "choices") and n != name
    }
    try:
        read = formulas.compile(formula, fields.keys())
    except formulas.BadFormula as error:
        raise ValidationError({"formula": error.told(locale.active().number)}) from None
    for other in read.names:
        if _reads(fields, other, name):
            told = _("The formula reads “%(field)s”, whose formula reads this field.") % {
                "field": fields[other].label
            }
            raise ValidationError({"formula": told})
    return read


def _reads(fields: Mapping[str, Field], reader: str, name: str) -> bool:
    """Whether the formula of `reader` depends on `name`, by way of others too."""
    if reader == name:
        return True
    field = fields.get(reader)
    if field is None or not field.formula:
        return False
    return any(_reads(fields, one, name) for one in formulas.compile(field.formula, {*fields, name}).names)


def _keep_translated(field: Field, setting: FieldSetting) -> None:
    """Words that only repeat the shipped ones stay empty, so that every reader gets them in the own language."""
    if setting.label.strip() == str(field.label):
        setting.label = ""
    if setting.help.strip() == str(field.help):
        setting.help = ""


def _store_default(record_type: RecordType, setting: FieldSetting) -> None:
    field = from_setting(setting) if setting.type else record_type.shipped_fields[setting.name]
    try:
        value = field.parse(setting.default)
    except FieldError as error:
        raise ValidationError({"default": str(error)}) from None
    setting.default = None if field.type.is_empty(value) else field.type.store(value)


def _changed(setting: FieldSetting, before: tuple[str, bool]) -> None:
    company.touch()
    if (setting.formula, setting.is_indexed) == before or not setting.type:
        return
    if setting.is_indexed != before[1]:
        jobs.enqueue("index_field", unique_key=str(setting.pk), setting=setting.pk)
    if setting.formula != before[0]:
        jobs.enqueue("recompute_records", unique_key=setting.record_type, record_type=setting.record_type)


def _put_in_block(record_type: RecordType, name: str, block: str) -> None:
    blocks = [
        Block(one.key, one.label, (*one.fields, name) if one.key == block else one.fields)
        for one in record_type.blocks
    ]
    if block in {one.key for one in blocks}:
        _write_layout(record_type, blocks)


@transaction.atomic
def arrange(record_type: RecordType, blocks: Sequence[Mapping[str, Any]]) -> None:
    """Store the order of blocks and of the fields in them; fields that are left out go to the last block."""
    labels = {block.key: block.label for block in record_type.blocks}
    keys: set[str] = set()
    placed: set[str] = set()
    arranged = []
    for block in blocks:
        label = str(block["label"]).strip()
        if not label:
            raise ValidationError(_("A block needs a label."))
        key = str(block.get("key") or slug(label, {*keys, *labels}))
        names = [name for name in block["fields"] if name in record_type.all_fields and name not in placed]
        keys.add(key)
        placed.update(names)
        is_same = label == str(labels.get(key, ""))
        arranged.append(Block(key, labels[key] if is_same else label, tuple(names)))
    if not arranged:
        raise ValidationError(_("A layout needs at least one block."))
    _write_layout(record_type, arranged)
    company.touch()


def _write_layout(record_type: RecordType, blocks: Sequence[Block]) -> None:
    layout = [{"key": one.key, "label": _plain(one.label), "fields": list(one.fields)} for one in blocks]
    with audit.changing("settings.layout", TypeSetting(record_type=record_type.name)):
        TypeSetting.objects.update_or_create(record_type=record_type.name, defaults={"layout": layout})


def _plain(label: Any) -> str:
    """The English words of a shipped label, so that each reader still gets them translated."""
    with override("en"):
        return str(label)


@transaction.atomic
def expect(record_type: RecordType, names: Sequence[str]) -> None:
    """Set the completeness norm and measure every record again, in a job."""
    unknown = [name for name in names if name not in record_type.all_fields]
    if unknown:
        raise ValidationError(_("There is no field “%(name)s”.") % {"name": unknown[0]})
    row, _made = TypeSetting.objects.get_or_create(record_type=record_type.name)
    with audit.changing("settings.completeness", row):
        row.expected = list(names)
        row.save()
    company.touch()
    jobs.enqueue("recompute_records", unique_key=record_type.name, record_type=record_type.name)


@jobs.task("recompute_records")
def recompute_records(job: Any, record_type: str) -> None:
    """Compute formulas and completeness of every record again, keeping the history of each value that changes."""
    recomputed = registry.get(record_type)
    total, done, last = recomputed.model.objects.count(), 0, 0
    while chunk := list(recomputed.model.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        _recompute(recomputed, chunk)
        last = chunk[-1].pk
        done += len(chunk)
        job.progress(done, total)


@transaction.atomic
def _recompute(record_type: RecordType, chunk: Sequence[Any]) -> None:
    batch = records.batch_of("recompute", None)
    drafts = records.save_many(
        record_type, [(one, {}) for one in chunk], user=None, batch=batch, is_trusted=True
    )
    if not any(draft.changes for draft in drafts):
        batch.delete()
