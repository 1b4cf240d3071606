"""Model fields that say more than their column type, so that a record type is declared once, in its models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    CharField = models.CharField[Any, Any]
    DecimalField = models.DecimalField[Any, Any]
else:
    CharField, DecimalField = models.CharField, models.DecimalField


class ChoiceColumn(CharField):
    """The key of one `Choice` that administrators edit. `group` names the column whose choice it belongs to."""

    def __init__(self, *args: Any, group: str = "", **kwargs: Any) -> None:
        self.group = group
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class ChoicesColumn(models.JSONField):
    """A list of keys of choices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class PhoneColumn(CharField):
    """A phone number as E.164, with `;ext=12` where it has an extension (RFC 3966)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class MoneyColumn(DecimalField):
    """An amount in the currency that the record's `currency` column names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 19)
        kwargs.setdefault("decimal_places", 4)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs


class PercentColumn(DecimalField):
    """A percentage from 0 to 100."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 5)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs


class SortColumn(CharField):
    """A text in whose plain binary order lists are sorted, whatever order the database has for texts."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        collation = {"postgresql": "C"}.get(connection.vendor)
        return {**super().db_parameters(connection), "collation": collation}
