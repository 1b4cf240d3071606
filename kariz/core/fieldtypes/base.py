"""What every field type can do: parse, store, compare, ask, show, describe, export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field


class FieldError(ValueError):
    """A value that a field cannot take; the message says what is wrong and what to do, in the reader's language."""


class FieldType:
    """One kind of value. `parse` reads what people type, `store`/`load` keep it as JSON, `show` gives it back."""

    name: ClassVar[str]
    label: ClassVar[Any]
    input: ClassVar[str] = "text"
    """The template that asks for a value: `web/inputs/<input>.html`."""
    cell: ClassVar[str] = "text"
    """The way in which lists and cards show a value: a method of `web.cells.Painter`."""
    is_number: ClassVar[bool] = False
    is_sortable: ClassVar[bool] = True
    is_groupable: ClassVar[bool] = False
    may_be_custom: ClassVar[bool] = True
    empty: ClassVar[Any] = None
    json_sql: ClassVar[str] = "(%(expressions)s ->> '%(key)s')"
    output_field: ClassVar[models.Field[Any, Any]] = models.TextField()
    operators: ClassVar[tuple[str, ...]] = ("is", "is_not", "one_of", "empty", "not_empty")
    schema: ClassVar[dict[str, Any]] = {"type": "string"}

    def parse(self, raw: Any, field: Field, locale: Locale) -> Any:
        """The value that `raw` (text of a form or file, or a JSON value) stands for. Raises `FieldError`."""
        return raw

    def store(self, value: Any) -> Any:
        """`value` as JSON: in `custom`, in the change log, in conditions. None stays None."""
        return value

    def load(self, stored: Any) -> Any:
        """The value of what `store` gave. Raises `FieldError` for anything else."""
        return stored

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        """What a person reads."""
        return "" if value is None else str(value)

    def typed(self, value: Any, field: Field, locale: Locale) -> str:
        """What a person would have typed: the text an input starts with, and `parse` reads back."""
        return self.show(value, field, locale)

    def export(self, value: Any, field: Field) -> str:
        """What a file gets: the same in every language."""
        return "" if value is None else str(value)

    def is_empty(self, value: Any) -> bool:
        return value is None or value in ("", [])

    def comparable(self, expression: Any) -> Any:
        """The SQL expression that conditions compare; `loaded_for_compare` is its counterpart in Python."""
        return expression

    def compared(self, value: Any) -> Any:
        return value
