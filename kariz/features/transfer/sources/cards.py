"""vCards as rows: one card a row, with the same columns for every file, so that a mapping serves the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.utils.translation import gettext as _

from kariz.features.transfer.sources.base import Source, Unread, fitted
from kariz.features.transfer.sources.columns import ADDRESS, columns_of
from kariz.features.transfer.sources.contentlines import Card, cards

_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*$", re.IGNORECASE | re.MULTILINE)

# Column → the fields that it stands for, the first of which a record type has.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("person", "name"),
    "first_name": ("first_name",),
    "last_name": ("last_name",),
    "nickname": ("nickname", "handle"),
    "company": ("company", "organization"),
    "department": ("department",),
    "job_title": ("job_title",),
    "main_phone": (),
    "phone": ("phone",),
    "mobile": ("mobile",),
    "home_phone": ("home_phone",),
    "other_phone": ("other_phone",),
    "fax": ("fax",),
    "email": ("email",),
    "other_email": ("other_email",),
    "website": ("website", "page"),
    "social_profiles": ("social_profiles",),
    "birthday": ("birthday",),
    **{name: (name,) for name in ADDRESS},
    **{f"other_{name}": (f"other_{name}",) for name in ADDRESS if name != "po_box"},
    "note": ("description",),
    "categories": (),
    "uid": (),
}


def titles() -> dict[str, str]:
    """Column → its name in the reader's language."""
    return {
        "name": _("Full name"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "nickname": _("Nickname"),
        "company": _("Company"),
        "department": _("Department"),
        "job_title": _("Job title"),
        "main_phone": _("Main phone"),
        "phone": _("Phone"),
        "mobile": _("Mobile"),
        "home_phone": _("Home phone"),
        "other_phone": _("Other phone"),
        "fax": _("Fax"),
        "email": _("E-mail"),
        "other_email": _("Other e-mail"),
        "website": _("Website"),
        "social_profiles": _("Social profiles"),
        "birthday": _("Birthday"),
        "street": _("Street"),
        "city": _("City"),
        "state": _("Region"),
        "postal_code": _("Postal code"),
        "po_box": _("Post box"),
        "country": _("Country"),
        "other_street": _("Other street"),
        "other_city": _("Other city"),
        "other_state": _("Other region"),
        "other_postal_code": _("Other postal code"),
        "other_country": _("Other country"),
        "note": _("Description"),
        "categories": _("Groups of the card"),
        "uid": _("Key of the card"),
    }


def holds_cards(text: str) -> bool:
    return bool(_BEGIN.match(text.removeprefix("\ufeff")))


@dataclass(frozen=True, kw_only=True)
class Cards(Source):
    format: ClassVar[str] = "vcard"
    suggested: ClassVar[str] = "contact"

    @classmethod
    def of(cls, path: Path, encoding: str) -> Cards:
        header = list(titles().values())
        return cls(path=path, header=header, preamble=[], warnings=[], sheets=[], encoding=encoding)

    def _rows(self) -> Iterator[list[str]]:
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as lines:
            for card in cards(line.replace("\0", "") for line in lines):
                yield self._row(card)

    def _row(self, card: Card) -> list[str]:
        values = columns_of(card)
        cells = [values.get(column, "") for column in FIELDS]
        if not card.is_whole:
            return Unread(cells, _("This card has no end (END:VCARD), so that some of it is missing."))
        if not any(cells):
            return Unread(
                fitted([card.start], len(cells)), _("This card says neither a name nor an address or number.")
            )
        return cells

    def suggest(self, names: Iterable[str]) -> dict[str, str]:
        known = set(names)
        title_of = dict(zip(FIELDS, self.header, strict=True))
        found = {
            title_of[column]: next(name for name in fields if name in known)
            for column, fields in FIELDS.items()
            if known.intersection(fields)
        }
        if "mobile" not in known and "phone" in known:  # one number is all that such a record has
            found[title_of["main_phone"]] = found.pop(title_of["phone"])
        return dict.fromkeys(self.header, "") | found
