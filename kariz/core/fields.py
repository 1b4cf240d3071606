"""A field is one value of a record wherever it lives: a column, a key of `custom`, rows of links, a computed value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import F

from kariz.accounts import locale
from kariz.accounts.locale import Locale
from kariz.core.fieldtypes import TYPES, FieldType, of_column
from kariz.core.fieldtypes.numbers import LARGEST, PLACES
from kariz.core.fieldtypes.texts import CUSTOM_TEXT_LENGTH, LONG_TEXT_LENGTH
from kariz.core.models import FieldSetting
from kariz.core.sql import JSONKey

# Columns that the two doors keep; people read them but never write them.
KEPT = ("created_by", "created_at", "updated_at", "completeness")
INTERNAL = ("id", "version", "sort_name", "rank", "custom")


@dataclass(frozen=True)
class Field:
    """Names and types are those of the declaration, then of the administrator's setting."""

    record_type: str
    name: str
    label: Any
    type: FieldType
    is_custom: bool = False
    is_required: bool = False
    is_readonly: bool = False
    is_hidden: bool = False
    is_indexed: bool = False
    is_nullable: bool = False
    help: Any = ""
    default: Any = None
    target: str = ""
    group: str = ""
    formula: str = ""
    max_length: int = CUSTOM_TEXT_LENGTH
    least: Decimal = -LARGEST
    most: Decimal = LARGEST
    places: int = PLACES
    attribute: str = ""

    @cached_property
    def expression(self) -> Any:
        """The SQL expression of this value, the same for filters, sorts, groups and indexes."""
        if self.is_custom:
            return JSONKey(self.name, self.type.json_sql, self.type.output_field)
        return F(self.attribute)

    @property
    def is_whole(self) -> bool:
        return self.places == 0

    def get(self, record: Any) -> Any:
        """The value that `record` holds. Costs no query, except for links that have not been loaded."""
        if self.is_custom:
            return self.type.load(record.custom.get(self.name))
        return getattr(record, self.attribute)

    def set(self, record: Any, value: Any) -> None:
        if not self.is_custom:
            # An empty text is none where the column knows none: as a text it would be taken once and for all.
            setattr(record, self.attribute, None if value == "" and self.is_nullable else value)
        elif self.type.is_empty(value):
            record.custom.pop(self.name, None)
        else:
            record.custom[self.name] = self.type.store(value)

    def parse(self, raw: Any, reader: Locale | None = None) -> Any:
        """Raises `FieldError`, whose message is for the person who typed."""
        return self.type.parse(raw, self, reader or locale.active())

    def show(self, value: Any, reader: Locale | None = None) -> str:
        return self.type.show(value, self, reader or locale.active())

    def typed(self, value: Any, reader: Locale | None = None) -> str:
        return self.type.typed(value, self, reader or locale.active())

    def overridden(self, setting: FieldSetting) -> Field:
        """The field as an administrator has renamed, required, explained or hidden it."""
        return replace(
            self,
            label=setting.label or self.label,
            help=setting.help or self.help,
            is_required=self.is_required or setting.is_required,
            is_hidden=setting.is_hidden,
            default=setting.default if setting.default is not None else self.default,
        )


def from_column(record_type: str, column: models.Field[Any, Any]) -> Field | None:
    """The field that a model column declares, or None where the column is not for people."""
    if column.name in INTERNAL or (not column.editable and column.name not in KEPT and not column.help_text):
        return None
    kind = of_column(column)
    if kind is None:
        return None
    related = column.related_model if isinstance(column, models.ForeignKey) else None
    return Field(
        record_type=record_type,
        name=column.name,
        label=column.verbose_name,
        type=kind,
        is_required=not column.blank and not column.null and not isinstance(column, models.BooleanField),
        is_readonly=not column.editable,
        is_indexed=bool(getattr(column, "db_index", False)) or column.unique,
        is_nullable=column.null,
        help=column.help_text,
        target=related._meta.model_name or "" if related else "",
        group=getattr(column, "group", ""),
        max_length=column.max_length or LONG_TEXT_LENGTH,
        attribute=column.attname,
        **_bounds(column),
    )


def _bounds(column: models.Field[Any, Any]) -> dict[str, Any]:
    """The numbers that a column can hold on every database."""
    if isinstance(column, models.IntegerField):
        least, most = BaseDatabaseOperations.integer_field_ranges[column.get_internal_type()]
        return {"least": Decimal(least), "most": Decimal(most), "places": 0}
    if isinstance(column, models.DecimalField):
        nines = Decimal("9" * column.max_digits).scaleb(-column.decimal_places)
        return {"least": -nines, "most": nines, "places": column.decimal_places}
    return {}


def from_setting(setting: FieldSetting) -> Field:
    """The field that an administrator added."""
    kind = TYPES[setting.type]
    return Field(
        record_type=setting.record_type,
        name=setting.name,
        label=setting.label,
        type=kind,
        is_custom=True,
        is_required=setting.is_required and not setting.formula,
        is_readonly=bool(setting.formula),
        is_hidden=setting.is_hidden,
        is_indexed=setting.is_indexed,
        help=setting.help,
        default=setting.default,
        target=setting.target,
        formula=setting.formula,
        max_length=LONG_TEXT_LENGTH if setting.type == "long_text" else CUSTOM_TEXT_LENGTH,
    )


def from_links(record_type: str, name: str, label: Any, target: str) -> Field:
    """A field whose value is any number of records of `target`."""
    return Field(record_type, name, label, TYPES["links"], target=target, attribute=f"{name}_ids")
