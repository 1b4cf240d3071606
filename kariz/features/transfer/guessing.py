"""Which field a column of a file most probably means: by its title, in any of the three languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils.translation import override
from rapidfuzz import fuzz

from kariz.accounts.models import User
from kariz.core import access, registry
from kariz.features.transfer.plans import Step
from kariz.features.transfer.targets import Target, target_of
from kariz.lib.text import fold

LIKE = 84
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
}  # fmt: skip


def columns(header: Iterable[str], target: Target) -> dict[str, str]:
    """Column → field, each field once; "" where nothing is like it."""
    known = _titles(target)
    guessed: dict[str, str] = {}
    for title in header:
        name = _best(_bare(title), known, set(guessed.values()))
        guessed[title] = name
    return guessed


def record_type(header: list[str], user: User) -> str:
    """The type whose fields name the most columns of a file."""
    kinds = [one.name for one in registry.every() if access.may_create(one, user)]
    kinds += ["user"] if user.is_administrator else []
    scores = {kind: sum(map(bool, columns(header, target_of(Step(kind), user)).values())) for kind in kinds}
    return max(scores, key=lambda kind: scores[kind])


def _titles(target: Target) -> dict[str, str]:
    """Bare title → field, in every language, the fields' own names included."""
    found = {_bare(name): name for name in target.labels}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {_bare(label): name for name, label in target.labels.items()}
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


def _bare(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())
