"""Texts: short, long, e-mail, URL, phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.core.fieldtypes.base import FieldError, FieldType
from kariz.core.sql import Fold
from kariz.lib import phones
from kariz.lib.numbers import localize_digits
from kariz.lib.text import digits, fold

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field

CUSTOM_TEXT_LENGTH = 500
LONG_TEXT_LENGTH = 20_000

_check_email = EmailValidator()
_check_url = URLValidator(schemes=["http", "https"])


class Text(FieldType):
    name = "text"
    label = gettext_lazy("Text")
    empty = ""
    operators: ClassVar[tuple[str, ...]] = (
        "contains", "not_contains", "is", "is_not", "one_of", "starts_with", "empty", "not_empty"
    )  # fmt: skip
    one_line: ClassVar[bool] = True

    def parse(self, raw: Any, field: Field, locale: Locale) -> str:
        if raw is None:
            return ""
        text = str(raw).replace("\x00", "").replace("\r\n", "\n")
        text = " ".join(text.split()) if self.one_line else text.strip()
        if len(text) > field.max_length:
            raise FieldError(
                _("This is %(length)s characters long; %(most)s are the most. Shorten it.")
                % {"length": locale.number(len(text)), "most": locale.number(field.max_length)}
            )
        return text

    def load(self, stored: Any) -> str:
        if stored is None:
            return ""
        if not isinstance(stored, str):
            raise FieldError(_("A text is needed."))
        return stored

    def comparable(self, expression: Any) -> Any:
        return Fold(expression)

    def compared(self, value: Any) -> Any:
        return fold(value)


class LongText(Text):
    name = "long_text"
    label = gettext_lazy("Long text")
    input = "long_text"
    cell = "long_text"
    is_sortable = False
    one_line = False
    operators = ("contains", "not_contains", "empty", "not_empty")


class Email(Text):
    name = "email"
    label = gettext_lazy("E-mail")
    input = "email"
    cell = "email"
    operators = (*Text.operators, "invalid")
    schema = {"type": "string", "format": "email"}

    def parse(self, raw: Any, field: Field, locale: Locale) -> str:
        text = super().parse(raw, field, locale).lower().removeprefix("mailto:")
        if text:
            try:
                _check_email(text)
            except ValidationError:
                raise FieldError(
                    _("“%(text)s” is not an e-mail address. Write it like name@example.com.") % {"text": text}
                ) from None
        return text


class URL(Text):
    name = "url"
    label = gettext_lazy("Web address")
    input = "url"
    cell = "url"
    schema = {"type": "string", "format": "uri"}

    def parse(self, raw: Any, field: Field, locale: Locale) -> str:
        text = super().parse(raw, field, locale)
        if text and "://" not in text:
            text = f"https://{text}"
        if text:
            try:
                _check_url(text)
            except ValidationError:
                raise FieldError(
                    _("“%(text)s” is not a web address. Write it like example.com.") % {"text": text}
                ) from None
        return text


class PhoneNumber(Text):
    """Kept as E.164 with `;ext=`, compared by its digits, shown as its country writes it."""

    name = "phone"
    label = gettext_lazy("Phone")
    input = "phone"
    cell = "phone"
    is_sortable = False
    operators = ("contains", "not_contains", "is", "is_not", "empty", "not_empty", "invalid")

    def parse(self, raw: Any, field: Field, locale: Locale) -> str:
        text = super().parse(raw, field, locale)
        if not text:
            return ""
        try:
            number = phones.parse(text.replace(";ext=", " ext. "), locale.region)
        except phones.NotAPhone:
            raise FieldError(
                _("“%(text)s” is not a phone number. Write it with its area code, such as %(example)s.")
                % {"text": text, "example": "+98 21 8888 1234"}
            ) from None
        return number.e164 + (f";ext={number.extension}" if number.extension else "")

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        if not value:
            return ""
        return localize_digits(phones.show(value.replace(";ext=", " ext. "), locale.region), locale.digits)

    def comparable(self, expression: Any) -> Any:
        return expression

    def compared(self, value: Any) -> str:
        """Digits that every way of writing the number has in common: no leading zeros, no plus."""
        return digits(value).lstrip("0") or value
