"""The field types, by name, and the type of each model column."""

from __future__ import annotations

from typing import Any

from django.db import models

from kariz.core.columns import ChoiceColumn, ChoicesColumn, MoneyColumn, PercentColumn, PhoneColumn
from kariz.core.fieldtypes.base import FieldError, FieldType
from kariz.core.fieldtypes.choices import OneChoice, SeveralChoices, YesNo
from kariz.core.fieldtypes.dates import Day, Moment
from kariz.core.fieldtypes.links import Lookup, SeveralRecords, UserLink
from kariz.core.fieldtypes.numbers import Money, Number, Percent
from kariz.core.fieldtypes.texts import URL, Email, LongText, PhoneNumber, Text

__all__ = ["TYPES", "FieldError", "FieldType", "of_column"]

TYPES: dict[str, FieldType] = {
    kind.name: kind()
    for kind in (
        Text, LongText, Number, Money, Percent, Day, Moment, YesNo, OneChoice, SeveralChoices,
        Email, PhoneNumber, URL, Lookup, UserLink, SeveralRecords,
    )
}  # fmt: skip

# The most special column first: the first that fits tells the type.
_COLUMNS: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (ChoiceColumn, "choice"),
    (ChoicesColumn, "choices"),
    (PhoneColumn, "phone"),
    (MoneyColumn, "money"),
    (PercentColumn, "percent"),
    (models.EmailField, "email"),
    (models.URLField, "url"),
    (models.TextField, "long_text"),
    (models.CharField, "text"),
    (models.BooleanField, "yes_no"),
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
    (models.DecimalField, "number"),
    (models.IntegerField, "number"),
)


def of_column(column: models.Field[Any, Any]) -> FieldType | None:
    """The type that a model column stands for; None for a column that is no field of the record."""
    if isinstance(column, models.ForeignKey):
        is_user = column.related_model._meta.label == "accounts.User"
        return TYPES["user" if is_user else "lookup"]
    return next((TYPES[name] for kind, name in _COLUMNS if isinstance(column, kind)), None)
