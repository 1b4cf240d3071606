"""vCards as rows: one card a row, with the same columns for every file, so that a mapping serves the next one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

from django.utils.translation import gettext as _

from kariz.features.transfer.sources.base import Source, Unread, fitted
from kariz.features.transfer.sources.contentlines import Card, Property, cards

_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*$", re.IGNORECASE | re.MULTILINE)
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_EXTENSION = re.compile(r";ext=(\d+)", re.IGNORECASE)
_SOCIAL = ("IMPP", "X-SOCIALPROFILE", "X-SKYPE", "X-SKYPE-USERNAME", "X-TWITTER", "X-LINKEDIN")
_ADDRESS = ("street", "city", "state", "postal_code", "po_box", "country")

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
    **{name: (name,) for name in _ADDRESS},
    **{f"other_{name}": (f"other_{name}",) for name in _ADDRESS if name != "po_box"},
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


def columns_of(card: Card) -> dict[str, str]:
    """Column → text of one card; what has no column of its own goes into the note, so that nothing is lost."""
    values: dict[str, str] = {}
    rest: list[str] = []
    for read in (_person, _work, _phones, _emails, _addresses, _birthday, _others):
        values |= read(card, rest)
    notes = [one.text for one in card.every("NOTE")]
    values["note"] = "\n".join([*notes, *rest])
    values["name"] = values["name"] or next(
        (values[one] for one in ("nickname", "company", "email", "main_phone") if values.get(one)), ""
    )
    return values


def _person(card: Card, rest: list[str]) -> dict[str, str]:
    name = card.first("N")
    last, first, middle, *_more = [*(name.parts if name else []), "", "", ""]
    full = card.first("FN")
    nick = card.first("NICKNAME")
    composed = " ".join(filter(None, (first, middle, last)))
    return {
        "name": " ".join(full.text.split()) if full else composed,
        "first_name": " ".join(filter(None, (first, middle))),
        "last_name": last,
        "nickname": nick.text if nick else "",
    }


def _work(card: Card, rest: list[str]) -> dict[str, str]:
    organizations = card.every("ORG")
    company, *units = [*(organizations[0].parts if organizations else []), ""]
    rest += [_said(_("Company"), one.text) for one in organizations[1:]]
    title = card.first("TITLE", "ROLE")
    return {
        "company": company,
        "department": ", ".join(filter(None, units)),
        "job_title": title.text if title else "",
    }


def _phones(card: Card, rest: list[str]) -> dict[str, str]:
    """Each number in the column of its type; the main one is the preferred, else a mobile, else the first."""
    numbers = card.every("TEL")
    voices = [one for one in numbers if not one.kinds & {"fax", "pager", "modem"}]
    mobiles = [one for one in voices if _is_mobile(one)]
    preferred = [one for one in voices if "pref" in one.kinds or one.parameters.get("PREF") == "1"]
    main = next(iter([*preferred, *mobiles, *voices]), None)
    found = {"main_phone": _number(main) if main else ""}
    for one in numbers:
        column = next((name for name in _phone_columns(one) if name not in found), None)
        if column is None:
            rest.append(_said(_("Phone"), _number(one)))
        else:
            found[column] = _number(one)
    return found


def _is_mobile(number: Property) -> bool:
    return bool(number.kinds & {"cell", "mobile", "iphone", "msg", "text"})


def _phone_columns(number: Property) -> tuple[str, ...]:
    """The columns that a number may go to."""
    if "fax" in number.kinds or any("fax" in kind for kind in number.kinds):
        return ("fax",)
    if _is_mobile(number):
        return ("mobile", "other_phone")
    if "home" in number.kinds:
        return ("home_phone", "other_phone")
    return ("phone", "other_phone")


def _number(phone: Property) -> str:
    text = unquote(phone.text) if phone.text.lower().startswith("tel:") else phone.text
    return _EXTENSION.sub(r" ext. \1", text.removeprefix("tel:").removeprefix("TEL:"))


def _emails(card: Card, rest: list[str]) -> dict[str, str]:
    addresses = list(dict.fromkeys(re.sub("(?i)^mailto:", "", one.text) for one in card.every("EMAIL")))
    rest += [_said(_("E-mail"), address) for address in addresses[2:]]
    first, second, *_more = [*addresses, "", ""]
    return {"email": first, "other_email": second}


def _addresses(card: Card, rest: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    addresses = sorted(card.every("ADR"), key=lambda one: "work" not in one.kinds)
    for before, address in zip(("", "other_"), addresses, strict=False):
        box, extended, street, city, state, postal_code, country, *_more = [*address.parts, *[""] * 7]
        lines = [" ".join(line.split()) for line in (street, extended)]
        texts = (", ".join(filter(None, lines)), city, state, postal_code, box, country)
        found |= {f"{before}{name}": text for name, text in zip(_ADDRESS, texts, strict=True)}
    rest += [_said(_("Address"), ", ".join(filter(None, one.parts))) for one in addresses[2:]]
    if box := found.pop("other_po_box", ""):
        rest.append(_said(_("Post box"), box))
    return found


def _birthday(card: Card, rest: list[str]) -> dict[str, str]:
    birthday = card.first("BDAY")
    if birthday is None:
        return {}
    day = _DAY.fullmatch(birthday.text)
    if day is None:  # without its year, or in words
        rest.append(_said(_("Birthday"), birthday.text))
        return {}
    return {"birthday": "-".join(day.groups())}


def _others(card: Card, rest: list[str]) -> dict[str, str]:
    pages = list(dict.fromkeys(one.text for one in card.every("URL")))
    rest += [_said(_("Website"), page) for page in pages[1:]]
    key = card.first("UID")
    return {
        "website": pages[0] if pages else "",
        "social_profiles": "\n".join(one.text for one in card.every(*_SOCIAL)),
        "categories": ", ".join(one.text for one in card.every("CATEGORIES")),
        "uid": key.text if key else "",
    }


def _said(title: str, text: str) -> str:
    return f"{title}: {text}"
