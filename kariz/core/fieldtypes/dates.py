"""Days and moments, typed and read in each person's own calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.core.fieldtypes.base import FieldError, FieldType
from kariz.lib.calendars import PERIODS, NotADay

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field


class Day(FieldType):
    name = "date"
    label = gettext_lazy("Date")
    input = "date"
    cell = "date"
    operators: ClassVar[tuple[str, ...]] = (
        "is",
        "before",
        "after",
        "between",
        *PERIODS,
        "empty",
        "not_empty",
    )
    schema = {"type": "string", "format": "date"}

    def parse(self, raw: Any, field: Field, locale: Locale) -> date | None:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        if isinstance(raw, datetime):
            return raw.astimezone(locale.tz).date()
        if isinstance(raw, date):
            return raw
        try:
            return locale.parse_day(str(raw))
        except NotADay:
            example = locale.day(locale.today(), "short")
            raise FieldError(
                _("“%(text)s” is not a date. Write it like %(example)s.") % {"text": raw, "example": example}
            ) from None

    def store(self, value: Any) -> Any:
        return value.isoformat() if value else None

    def load(self, stored: Any) -> date | None:
        if not stored:
            return None
        try:
            found = parse_date(str(stored))
        except ValueError:
            found = None
        if found is None:
            raise FieldError(_("“%(text)s” is not a date.") % {"text": stored})
        return found

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        return locale.day(value) if value else ""

    def typed(self, value: Any, field: Field, locale: Locale) -> str:
        return locale.day(value, "short") if value else ""

    def export(self, value: Any, field: Field) -> str:
        return value.isoformat() if value else ""

    def compared(self, value: Any) -> Any:
        return value


class Moment(Day):
    """A date and time, kept in UTC."""

    name = "moment"
    label = gettext_lazy("Date and time")
    input = "moment"
    cell = "moment"
    schema = {"type": "string", "format": "date-time"}
    column_field: ClassVar[models.Field[Any, Any]] = models.DateTimeField()

    def parse(self, raw: Any, field: Field, locale: Locale) -> datetime | None:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        if isinstance(raw, datetime):
            return raw.astimezone(UTC)
        try:
            return locale.parse_moment(str(raw))
        except NotADay:
            raise FieldError(
                _("“%(text)s” is not a date and time. Write it like %(example)s.")
                % {"text": raw, "example": locale.day(locale.today(), "short") + " 14:30"}
            ) from None

    def store(self, value: Any) -> Any:
        return value.astimezone(UTC).isoformat(timespec="microseconds") if value else None

    def load(self, stored: Any) -> datetime | None:
        if not stored:
            return None
        try:
            found = parse_datetime(str(stored))
        except ValueError:
            found = None
        if found is None:
            raise FieldError(_("“%(text)s” is not a date and time.") % {"text": stored})
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def show(self, value: Any, field: Field, locale: Locale) -> str:
        return locale.moment(value) if value else ""

    def typed(self, value: Any, field: Field, locale: Locale) -> str:
        return locale.moment(value, "short") if value else ""
