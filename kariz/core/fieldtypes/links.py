"""Links: to one record, to several records, to a user. Their value is the id; names are loaded a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.core.fieldtypes.base import FieldError, FieldType

if TYPE_CHECKING:
    from kariz.accounts.locale import Locale
    from kariz.core.fields import Field


LARGEST_ID = 2**63 - 1


def _id(stored: Any) -> int:
    pk = int(stored)
    if not 0 < pk <= LARGEST_ID:
        raise ValueError(stored)
    return pk


def id_in(text: str) -> int | None:
    """The id that a browser sent; None for what no record can have, however many digits it has."""
    try:
        return _id(text) if text.isdecimal() else None
    except ValueError:
        return None


class Lookup(FieldType):
    """A link to one record of `field.target`."""

    name = "lookup"
    label = gettext_lazy("Link to a record")
    input = "lookup"
    cell = "lookup"
    is_groupable = True
    json_sql = "CAST((%(expressions)s ->> '%(key)s') AS BIGINT)"
    output_field: ClassVar[models.Field[Any, Any]] = models.BigIntegerField()
    operators: ClassVar[tuple[str, ...]] = ("is", "is_not", "one_of", "empty", "not_empty")
    schema = {"type": "integer"}

    def parse(self, raw: Any, field: Field, locale: Locale) -> int | None:
        if raw is None or raw == "":
            return None
        return self.load(getattr(raw, "pk", raw))

    def load(self, stored: Any) -> int | None:
        if stored is None or stored == "":
            return None
        try:
            return _id(stored)
        except (TypeError, ValueError):
            raise FieldError(_("“%(text)s” is not a record.") % {"text": stored}) from None


class UserLink(Lookup):
    """A link to a user. Conditions may say `me` and `my_team`."""

    name = "user"
    label = gettext_lazy("User")
    input = "user"
    cell = "user"
    operators = ("is", "is_not", "one_of", "is_me", "in_my_team", "inactive", "empty", "not_empty")


class SeveralRecords(FieldType):
    """Links to any number of records of `field.target`, kept as rows of `core.Link`."""

    name = "links"
    label = gettext_lazy("Links to records")
    input = "links"
    cell = "links"
    is_sortable = False
    may_be_custom = False
    empty: ClassVar[Any] = ()
    operators: ClassVar[tuple[str, ...]] = ("links_any", "links_none", "no_links", "some_links")
    schema = {"type": "array", "items": {"type": "integer"}}

    def parse(self, raw: Any, field: Field, locale: Locale) -> list[int]:
        parts = raw if isinstance(raw, list | tuple) else str(raw or "").split(",")
        return self.load([getattr(part, "pk", part) for part in parts if part not in ("", None)])

    def load(self, stored: Any) -> list[int]:
        try:
            return sorted({_id(part) for part in stored or []})
        except (TypeError, ValueError):
            raise FieldError(_("“%(text)s” is not a list of records.") % {"text": stored}) from None

    def export(self, value: Any, field: Field) -> str:
        return ";".join(str(pk) for pk in value or [])

    def typed(self, value: Any, field: Field, locale: Locale) -> str:
        return ",".join(str(pk) for pk in value or [])
