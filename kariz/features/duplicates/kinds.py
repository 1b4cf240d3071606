"""The ways in which values are compared: each makes one comparable, gives its key, and says how well two agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kariz.lib.mailboxes import domain, mailbox
from kariz.lib.names import LEGAL_FORMS, key, likeness, words
from kariz.lib.text import digits, fold

TAIL, NUMBER, SHORTEST = (
    8,
    10,
    7,
)  # digits: those that every way of dialling a number has, those without its country
ALIKE = 0.8  # a name that is less like another says nothing
OTHER = 0.6  # one that is less like it says that this is somebody else
LONGEST = 200

Words = tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """`normal` makes a stored or typed value comparable (None: nothing to compare), `key` the text of its key.

    `agree` is from 0 to 1 for two comparable values; -1 speaks against. A kind that is `own` compares a field with the
    same field only, any other one with every field that is compared so. `code` is the kind's place among the keys;
    one that `is_slow` is compared last.
    """

    name: str
    code: int
    label: Any
    reason: Any
    normal: Callable[[Any], Any]
    key: Callable[[Any], str]
    agree: Callable[[Any, Any], float]
    fits: frozenset[str]
    is_own: bool = False
    is_slow: bool = False


def _text(value: Any) -> str | None:
    return fold(str(value))[:LONGEST] or None


def _code(value: Any) -> str | None:
    return "".join(letter for letter in fold(str(value)) if letter.isalnum())[:LONGEST] or None


def _number(value: Any) -> str | None:
    """The digits of a number that is kept as E.164, without its extension."""
    text = str(value).partition(";")[0]
    found = text[1:] if text[1:].isdecimal() and text.isascii() else digits(text)
    return found if len(found) >= SHORTEST else None


def _tail(number: str) -> str:
    return number[-TAIL:]


def _same_number(one: str, other: str) -> float:
    """A number read in another country differs in its country code; one without its area code says little."""
    if one == other or (len(one) >= NUMBER <= len(other) and one[-NUMBER:] == other[-NUMBER:]):
        return 1.0
    return 0.5 if one[-TAIL:] == other[-TAIL:] else 0.0


def _mailbox(value: Any) -> str | None:
    return mailbox(str(value)) or None


def _domain(value: Any) -> str | None:
    return domain(str(value)) or None


def _person(value: Any) -> Words | None:
    return words(str(value)[:LONGEST]) or None


def _firm(value: Any) -> Words | None:
    return words(str(value)[:LONGEST], LEGAL_FORMS) or None


def _same_person(one: Words, other: Words) -> float:
    alike = likeness(one, other)
    return alike if alike >= ALIKE else -1.0 if alike < OTHER else 0.0


def _same_firm(one: Words, other: Words) -> float:
    alike = likeness(one, other)
    return alike if alike >= ALIKE else 0.0


def _same(one: Any, other: Any) -> float:
    return 1.0 if one == other else 0.0


def _same_code(one: str, other: str) -> float:
    return 1.0 if one == other else -1.0


TEXTS = frozenset({"text"})
KINDS = {
    kind.name: kind
    for kind in (
        Kind("exact", 1, _("Number that only one has"), _("the same %(field)s"), _code, str, _same_code,
             TEXTS | {"number", "url"}, is_own=True),
        Kind("email", 2, _("E-mail"), _("the same e-mail"), _mailbox, str, _same, frozenset({"email", "text"})),
        Kind("phone", 3, _("Phone"), _("the same phone"), _number, _tail, _same_number, frozenset({"phone", "text"})),
        Kind("text", 4, _("Same value"), _("the same %(field)s"), _text, str, _same,
             TEXTS | {"choice", "date", "lookup", "user", "number", "url", "email", "phone", "yes_no"}, is_own=True),
        Kind("domain", 5, _("Domain of e-mail or website"), _("the same domain"), _domain, str, _same,
             frozenset({"email", "url", "text"})),
        Kind("company", 6, _("Name of a company"), _("a company like it"), _firm, key, _same_firm, TEXTS, is_slow=True),
        Kind("name", 7, _("Name of a person"), _("a name like it"), _person, key, _same_person, TEXTS, is_slow=True),
    )
}  # fmt: skip
