"""Numbers, percentages and money."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.core.fieldtypes.base import FieldError, FieldType
from kariz.lib import money

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field

LARGEST = Decimal(10) ** 15 - 1
PLACES = 4


class Number(FieldType):
    name = "number"
    label = gettext_lazy("Number")
    input = "number"
    cell = "number"
    is_number = True
    json_sql = "CAST((%(expressions)s ->> '%(key)s') AS NUMERIC)"
    output_field: ClassVar[models.Field[Any, Any]] = models.FloatField()
    operators: ClassVar[tuple[str, ...]] = (
        "is", "is_not", "greater", "at_least", "less", "at_most", "between", "empty", "not_empty"
    )  # fmt: skip
    schema = {"type": "number"}
    least: ClassVar[Decimal] = -LARGEST
    most: ClassVar[Decimal] = LARGEST

    def parse(self, raw: Any, field: Field, locale: Locale) -> Decimal | int | None:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        return self._checked(self._read(raw, locale), field, locale)

    def _read(self, raw: Any, locale: Locale) -> Decimal:
        if isinstance(raw, (int, float, Decimal)) and not isinstance(raw, bool):
            return Decimal(str(raw))
        try:
            return locale.parse_number(str(raw).replace("%", "").replace("٪", ""))
        except ValueError:
            raise FieldError(_("“%(text)s” is not a number.") % {"text": raw}) from None

    def _checked(self, value: Decimal, field: Field, locale: Locale) -> Decimal | int:
        least, most = max(self.least, field.least), min(self.most, field.most)
        if not value.is_finite() or not least <= value <= most:
            raise FieldError(
                _("Enter a number between %(least)s and %(most)s.")
                % {"least": locale.number(least), "most": locale.number(most)}
            )
        if field.places:
            return value.quantize(Decimal(1).scaleb(-field.places)).normalize() + 0
        if value != value.to_integral_value():
            raise FieldError(_("Enter a whole number."))
        return int(value)

    def store(self, value: Any) -> Any:
        return None if value is None else format(Decimal(value).normalize() + 0, "f")

    def load(self, stored: Any) -> Decimal | None:
        if stored is None or stored == "":
            return None
        try:
            value = Decimal(str(stored))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) > LARGEST + 1:
            raise FieldError(_("“%(text)s” is not a number.") % {"text": stored})
        return value

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        return "" if value is None else locale.number(value)

    def export(self, value: Any, field: Field) -> str:
        return "" if value is None else str(self.store(value))


class Percent(Number):
    name = "percent"
    label = gettext_lazy("Percent")
    cell = "percent"
    input = "percent"
    least = Decimal(0)
    most = Decimal(100)

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        return "" if value is None else locale.percent(value)

    def typed(self, value: Any, field: Field, locale: Locale) -> str:
        return super().show(value, field, locale)


class Money(Number):
    """An amount; its currency is the record's `currency` column, the company's where the type has none."""

    name = "money"
    label = gettext_lazy("Money")
    input = "money"
    cell = "money"

    def _read(self, raw: Any, locale: Locale) -> Decimal:
        if isinstance(raw, str):
            try:
                return money.parse(raw, locale.currency)[0]
            except ValueError:
                raise FieldError(_("“%(text)s” is not an amount.") % {"text": raw}) from None
        return super()._read(raw, locale)

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        return "" if value is None else locale.money(Decimal(value), locale.currency)

    def typed(self, value: Any, field: Field, locale: Locale) -> str:
        """Never with three decimals, which would be read back as thousands."""
        if value is None or Decimal(value).normalize().as_tuple().exponent != -3:
            return super().show(value, field, locale)
        return locale.number(value, places=PLACES)
