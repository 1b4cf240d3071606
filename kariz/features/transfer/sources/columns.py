"""What a vCard says, by the columns that its row has."""

from __future__ import annotations

import re
from urllib.parse import unquote

from django.utils.translation import gettext as _

from kariz.features.transfer.sources.contentlines import Card, Property

ADDRESS = ("street", "city", "state", "postal_code", "po_box", "country")

_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
_EXTENSION = re.compile(r";ext=(\d+)", re.IGNORECASE)
_SOCIAL = ("IMPP", "X-SOCIALPROFILE", "X-SKYPE", "X-SKYPE-USERNAME", "X-TWITTER", "X-LINKEDIN")


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
        found |= {f"{before}{name}": text for name, text in zip(ADDRESS, texts, strict=True)}
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
