"""Records of no person that are linked to the person's: a deal that is called by the name of the customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kariz.core import erasing, records, registry
from kariz.core.erasing import MASK, Person

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

ADDRESSES = ("email", "phone", "url")
TEXTS = (*ADDRESSES, "text", "long_text")


class LinkedRecords:
    """The words that name the person are covered; the records stay."""

    def _found(self, person: Person) -> Iterator[tuple[RecordType, Any, dict[str, Any]]]:
        for name, ids in person.linked.items() if person.mentions else ():
            record_type = registry.get(name)
            texts = [
                one for one in record_type.all_fields.values() if one.type.name in TEXTS and not one.formula
            ]
            for record in record_type.model.objects.filter(pk__in=ids).order_by("pk"):
                if values := _covered(record, texts, person):
                    yield record_type, record, values

    def count(self, person: Person) -> int:
        return sum(1 for _found in self._found(person))

    def tell(self, person: Person) -> list[Any]:
        return [
            {
                "record": f"{record_type.name} {record.pk}",
                **{name: _text(record_type, record, name) for name in values},
            }
            for record_type, record, values in self._found(person)
        ]

    def erase(self, person: Person) -> None:
        found = list(self._found(person))
        for record_type, record, values in found:
            records.save(
                record_type, record, values, user=None, batch=person.batch, is_trusted=True, is_stored=True
            )


def _covered(record: Any, texts: list[Field], person: Person) -> dict[str, Any]:
    """The texts of a record that name the person, as they are to be. An address is nothing without its words."""
    said = ((one, one.get(record)) for one in texts)
    return {
        one.name: "" if one.type.name in ADDRESSES else person.mentions.masked(text, MASK)
        for one, text in said
        if text and person.mentions.are_in(text)
    }


def _text(record_type: RecordType, record: Any, name: str) -> str:
    return str(record_type.all_fields[name].get(record))


erasing.add("linked", _("Linked records that name the person"), LinkedRecords(), position=5)
