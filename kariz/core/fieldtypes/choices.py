"""Yes or no, one choice, several choices."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.core import choices
from kariz.core.fieldtypes.base import FieldError, FieldType
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field

YES = {"1", "true", "yes", "y", "on", "x", "evet", "بله", "بلی", "اری"}
NO = {"", "0", "false", "no", "n", "off", "hayir", "خیر", "نه"}


class YesNo(FieldType):
    name = "yes_no"
    label = gettext_lazy("Yes or no")
    input = "yes_no"
    cell = "yes_no"
    is_groupable = True
    empty = False
    # SQLite gives true as the number 1, PostgreSQL as the text true.
    json_sql = "CASE WHEN CAST((%(expressions)s ->> '%(key)s') AS TEXT) IN ('true', '1') THEN 1 ELSE 0 END"
    output_field: ClassVar[models.Field[Any, Any]] = models.IntegerField()
    operators: ClassVar[tuple[str, ...]] = ("yes", "no")
    schema = {"type": "boolean"}

    def parse(self, raw: Any, field: Field, locale: Locale) -> bool:
        if raw is None or isinstance(raw, bool):
            return bool(raw)
        word = fold(str(raw))
        if word in {fold(yes) for yes in YES}:
            return True
        if word in {fold(no) for no in NO}:
            return False
        raise FieldError(_("“%(text)s” is neither yes nor no.") % {"text": raw})

    def load(self, stored: Any) -> bool:
        return bool(stored)

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        return _("Yes") if value else _("No")

    def export(self, value: Any, field: Field) -> str:
        return "yes" if value else "no"

    def is_empty(self, value: Any) -> bool:
        return value is None


class OneChoice(FieldType):
    name = "choice"
    label = gettext_lazy("Choice")
    input = "choice"
    cell = "choice"
    is_groupable = True
    empty = ""
    operators: ClassVar[tuple[str, ...]] = ("is", "is_not", "one_of", "none_of", "empty", "not_empty")

    def parse(self, raw: Any, field: Field, locale: Locale) -> str:
        if raw is None or raw == "":
            return ""
        return _key_of(str(raw), field)

    def load(self, stored: Any) -> str:
        if not isinstance(stored, str | None):
            raise FieldError(_("A text is needed."))
        return stored or ""

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        return _label_of(value, field)

    def typed(self, value: Any, field: Field, locale: Locale) -> str:
        return value or ""

    def export(self, value: Any, field: Field) -> str:
        return value or ""


class SeveralChoices(FieldType):
    """Kept as a JSON list of keys; the quoted key is what a query looks for in the list's text."""

    name = "choices"
    label = gettext_lazy("Several choices")
    input = "choices"
    cell = "choices"
    is_sortable = False
    empty: ClassVar[Any] = ()
    operators: ClassVar[tuple[str, ...]] = ("has_any", "has_all", "has_none", "empty_list", "not_empty_list")
    schema = {"type": "array", "items": {"type": "string"}}

    def parse(self, raw: Any, field: Field, locale: Locale) -> list[str]:
        texts = raw if isinstance(raw, list | tuple) else _texts("" if raw is None else str(raw))
        keys = [_key_of(str(part).strip(), field) for part in texts if str(part).strip()]
        return list(dict.fromkeys(keys))

    def load(self, stored: Any) -> list[str]:
        if not isinstance(stored, list | tuple | None) or not all(
            isinstance(key, str) for key in stored or ()
        ):
            raise FieldError(_("A list is needed."))
        return list(stored or [])

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        separator = "، " if locale.language == "fa" else ", "
        return separator.join(_label_of(key, field) for key in value or [])

    def typed(self, value: Any, field: Field, locale: Locale) -> str:
        return json.dumps(value or [])

    def export(self, value: Any, field: Field) -> str:
        return ";".join(value or [])

    def comparable(self, expression: Any) -> Any:
        return Cast(expression, models.TextField())


def _texts(text: str) -> list[Any]:
    """The parts of a list as a form, a file or a person writes it: JSON, or separated by ; or else by commas."""
    if text.startswith("["):
        try:
            return list(json.loads(text))
        except ValueError:
            return [text]
    plain = text.replace("؛", ";").replace("،", ",")
    return plain.split(";" if ";" in plain else ",")


def _key_of(text: str, field: Field) -> str:
    found = choices.find(field.record_type, field.name, text) or choices.named(
        field.record_type, field.name, text
    )
    if found is None:
        known = _(", ").join(_(choice.label) for choice in choices.of(field.record_type, field.name)[:12])
        raise FieldError(
            _("“%(text)s” is not one of the choices. Choose from: %(choices)s.")
            % {"text": text, "choices": known}
        )
    return found.key


def _label_of(key: str, field: Field) -> str:
    if not key:
        return ""
    found = choices.find(field.record_type, field.name, key)
    return _(found.label) if found else key
