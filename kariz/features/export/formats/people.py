"""What the fields of a person mean on a card, whatever the type of the record.

A type is about people where it has one of `PERSON`. Fields are known by their type (every e-mail, every phone), and
by the names that all record types use alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

PERSON = ("person", "job_title")
# The field that names the person: the first that there is.
NAMES = ("person", "name")
COMPANIES = ("organization", "company")
NOTES = ("description", "text")
ADDRESS = ("po_box", "", "street", "city", "state", "postal_code", "country")  # "" is the extended address
# Where a number rings; `work` is what remains.
KINDS = {"mobile": "cell", "home": "home", "personal": "home", "fax": "fax", "other": "other"}


def are_people(record_type: RecordType) -> bool:
    fields = record_type.fields
    return any(name in fields for name in PERSON) and any(one.type.name == "email" for one in fields.values())


def kind(field: Field) -> str:
    return next((kind for part, kind in KINDS.items() if part in field.name.split("_")), "work")
