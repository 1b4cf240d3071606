"""Which field a column most probably means: by its title, in any of the three languages, and by its values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override
from rapidfuzz import fuzz

from kariz.accounts import locale
from kariz.core import access, choices, registry
from kariz.features.transfer.joining import bare, parts_of_name
from kariz.features.transfer.plans import Step
from kariz.features.transfer.targets import RecordTarget, Target, target_of
from kariz.lib import phones
from kariz.lib.calendars import NotADay
from kariz.lib.text import digits, fold

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field

LIKE = 84
ENOUGH = 0.8
"""The share of a column's values that must have a shape."""
SAMPLED = 50
LEAST_PHONE, MOST_PHONE = 7, 15
# What other programs call the fields that ours name differently: bare title → field.
SYNONYMS = {
    "account": ("organization", "name"), "accountname": ("organization", "name"),
    "company": ("company", "organization", "name"), "companyname": ("company", "organization", "name"),
    "fullname": ("name",), "contactname": ("name",), "dealname": ("name",), "opportunityid": ("name",),
    "dealstage": ("stage",), "salesstage": ("stage",), "closevalue": ("amount",), "value": ("amount",),
    "dealvalue": ("amount",), "closedate": ("closed_on", "expected_close_on"), "engagedate": ("engaged_on",),
    "salesagent": ("owner", "name"), "assignedto": ("owner",), "salesrep": ("owner",), "sector": ("industry",),
    "employees": ("employees",), "revenue": ("annual_revenue",), "officelocation": ("country",),
    "subsidiaryof": ("parent",), "salesprice": ("unit_price",), "mobile": ("mobile", "personal_phone", "phone"),
    "product": ("product", "name"), "service": ("name",), "contact": ("primary_contact", "name"),
    "telephone": ("phone",), "emailaddress": ("email",), "regionaloffice": ("parent_team",),
    "نامکامل": ("name",), "ناموفامیل": ("name",), "موبایل": ("mobile", "phone"), "همراه": ("mobile", "phone"),
    "شمارهتماس": ("phone",), "رایانامه": ("email",), "پستالکترونیک": ("email",), "سازمان": ("organization", "company"),
    "isim": ("name",), "adisoyadi": ("name",), "gsm": ("mobile", "phone"), "cep": ("mobile", "phone"),
    "ceptelefonu": ("mobile", "phone"), "firma": ("company", "organization", "name"), "mail": ("email",),
}  # fmt: skip
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_WEB = re.compile(
    r"(https?://|www\.)\S+|[\w-]+(\.[\w-]+)*\.(com|net|org|io|ir|tr|de|info|biz)(/\S*)?", re.IGNORECASE
)
_PHONE = re.compile(r"[+(]?[\d\s().+/-]+")
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2})?.*)?|\d{1,2}\.? \w{3,} \d{4}")
_NAME = re.compile(r"[^\W\d_]+([ .'’\u200c-]+[^\W\d_]+){1,4}\.?")


def columns(
    header: Sequence[str],
    target: Target,
    samples: Sequence[Sequence[str]] = (),
    suggested: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Column → field, each field once; "" where nothing is like it.

    `samples` are some values of each column; `suggested` is what the format of the file itself says.
    """
    if suggested:
        return {title: suggested.get(title, "") for title in header}
    known = _titles(target)
    guessed = dict.fromkeys(header, "")
    parts = parts_of_name(header) if "name" in target.labels else []
    for title in header:
        if title not in parts:
            guessed[title] = _best(bare(title), known, set(guessed.values()))
    if parts and "name" not in guessed.values():
        guessed |= dict.fromkeys(parts, "name")
    if isinstance(target, RecordTarget):
        for title, texts in zip(header, samples, strict=False):
            if not guessed[title] and texts:
                guessed[title] = _by_values(texts[:SAMPLED], target, set(guessed.values()))
    return guessed


def record_type(header: Sequence[str], user: User) -> str:
    """The type whose fields name the most columns of a file."""
    kinds = [one.name for one in registry.every() if access.may(one, user, "import")]
    kinds += ["user"] if user.is_administrator else []
    scores = {kind: sum(map(bool, columns(header, target_of(Step(kind), user)).values())) for kind in kinds}
    return max(scores, key=lambda kind: scores[kind])


def _titles(target: Target) -> dict[str, str]:
    """Bare title → field, in every language, the fields' own names included."""
    found = {bare(name): name for name in target.labels}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {bare(label): name for name, label in target.labels.items()}
    return found


def _best(title: str, known: Mapping[str, str], taken: set[str]) -> str:
    fields = set(known.values()) - taken
    if known.get(title) in fields:
        return known[title]
    for name in SYNONYMS.get(title, ()):
        if name in fields:
            return name
    scored = ((fuzz.ratio(title, other), name) for other, name in known.items() if name in fields)
    score, name = max(scored, default=(0, ""))
    return name if score >= LIKE else ""


# By values


def shape(texts: Sequence[str]) -> str:
    """The field type that most of the texts look like: `email`, `phone`, `url`, `date`, `number`; "" for none."""
    held = [text.strip() for text in texts[:SAMPLED]]
    return next((name for name, is_one in _SHAPES.items() if held and _are(held, is_one)), "")


def _are(texts: Sequence[str], is_one: Callable[[str], bool]) -> bool:
    return sum(map(is_one, texts)) >= ENOUGH * len(texts)


def _is_phone(text: str) -> bool:
    """A number with a country or area code, not an id or an amount."""
    plain = fold(text)
    if not _PHONE.fullmatch(plain) or not LEAST_PHONE <= len(digits(plain)) <= MOST_PHONE:
        return False
    try:
        phones.parse(text, locale.active().region)
    except phones.NotAPhone:
        return False
    return plain.startswith(("+", "0", "(")) or not plain.isdecimal()


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(fold(text)):
        return False
    try:
        locale.active().parse_moment(text)
    except NotADay:
        return False
    return True


def _is_number(text: str) -> bool:
    try:
        locale.active().parse_number(text)
    except ValueError:
        return False
    return True


_SHAPES: dict[str, Callable[[str], bool]] = {
    "email": lambda text: bool(_EMAIL.fullmatch(text)),
    "url": lambda text: bool(_WEB.fullmatch(text)),
    "date": _is_day,
    "phone": _is_phone,
    "number": _is_number,
}


def _by_values(texts: Sequence[str], target: RecordTarget, taken: set[str]) -> str:
    """The field that the values point to; none where two are as likely, such as two dates."""
    free = [
        field
        for name, field in target.record_type.fields.items()
        if name in target.labels and name not in taken
    ]
    found = shape(texts)
    if found in ("email", "phone", "url"):
        return next((field.name for field in free if field.type.name == found), "")
    if found == "date":
        days = [field.name for field in free if field.type.name == "date"]
        return days[0] if len(days) == 1 else ""
    chosen = [field.name for field in free if _is_choice_of(field, texts)]
    if len(chosen) == 1:
        return chosen[0]
    naming = next((field.name for field in free if field.name in ("name", target.record_type.title)), "")
    return (
        naming
        if naming and _are([text.strip() for text in texts], lambda text: bool(_NAME.fullmatch(text)))
        else ""
    )


def _is_choice_of(field: Field, texts: Iterable[str]) -> bool:
    """Whether most values are choices of the field; a field without choices has none."""
    if field.type.name != "choice":
        return False
    return _are(list(texts), lambda text: choices.named(field.record_type, field.name, text) is not None)
