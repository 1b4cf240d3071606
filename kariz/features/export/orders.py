"""An order says what goes out and how it is written; it is kept with the export that carries it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kariz.core import access, records, registry
from kariz.core.access import Forbidden

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

SCOPES = ("selected", "page", "view", "all")
FORMS = ("reader", "iso")
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
VCARDS = ("3.0", "4.0")


@dataclass(frozen=True)
class Order:
    """`ids` are the records where they were named one by one, `columns` the fields (none: all of them).

    `form` is `reader` (labels, calendar and digits as the person reads them) or `iso` (field names, ISO dates, keys:
    what an import takes back unchanged).
    """

    record_type: str
    scope: str = "all"
    ids: Sequence[int] = ()
    where: Any = None
    find: str = ""
    sort: str = ""
    columns: Sequence[str] = ()
    format: str = "csv"
    form: str = "reader"
    delimiter: str = "comma"
    with_bom: bool = True
    vcard: str = "3.0"

    @property
    def type(self) -> RecordType:
        return registry.get(self.record_type)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Order:
        return cls(**{name: value for name, value in kept.items() if name in cls.__dataclass_fields__})

    def records(self, user: User | None) -> QuerySet[Any]:
        """The records to write, in order, as far as `user` may see them now. Raises `BadCondition`."""
        if self.scope in ("selected", "page"):
            return records.visible(self.type, user, sort=self.sort).filter(pk__in=self.ids)
        return records.visible(self.type, user, where=self.where, find=self.find, sort=self.sort)

    def fields(self, user: User | None) -> list[Field]:
        """The fields to write, as far as `user` may read them now; an amount says nothing without its currency."""
        readable = access.readable(self.type, user)
        fields = [readable[name] for name in self.columns or readable if name in readable]
        amount = next((n for n, field in enumerate(fields, 1) if field.type.name == "money"), 0)
        currency = readable.get("currency")
        if self.form == "iso" and amount and currency and currency not in fields:
            fields.insert(amount, currency)
        return fields


def check(record_type: RecordType, user: User | None) -> None:
    """Raises `Forbidden`."""
    if not access.may(record_type, user, "export"):
        raise Forbidden
