"""Customers that may be the one a lead speaks of: looked for before a second card of them is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import records, registry, search
from kariz.lib.text import digits, fold
from kariz.records.leads.models import Lead

MOST_HITS = 20
MOST_SHOWN = 5


@dataclass(frozen=True)
class Known:
    """A record that is there already, and why it may be the same."""

    record: Any
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        return _(", ").join(self.reasons)

    @property
    def key(self) -> str:
        """How a form names it."""
        return str(self.record.pk)


def like(lead: Lead, target: str, user: User | None) -> list[Known]:
    """The organizations or contacts that this lead may be, among those the user sees; the likeliest first."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for text, reason in _asked(lead, target):
        for hit in search.rows(text).filter(record_type=target)[:MOST_HITS]:
            reasons[hit.record_id].append(reason)
    for text, reason in _named(lead, target):
        for hit in search.rows(text).filter(record_type=target)[:MOST_HITS]:
            if all(word in fold(hit.title) for word in fold(text).split()):
                reasons[hit.record_id].append(reason)
    found = records.visible(registry.get(target), user).filter(pk__in=reasons) if reasons else ()
    known = [Known(record, tuple(dict.fromkeys(reasons[record.pk]))) for record in found]
    return sorted(known, key=lambda one: -len(one.reasons))[:MOST_SHOWN]


def _asked(lead: Lead, target: str) -> Iterator[tuple[str, str]]:
    """What tells one customer from all others."""
    emails, phones = [lead.company_email], [lead.company_phone]
    if target == "contact" or not lead.company:
        emails.append(lead.email)
        phones.append(lead.phone)
    for email in filter(None, emails):
        yield email, _("the same e-mail")
    for phone in filter(None, phones):
        yield digits(phone.partition(";")[0]), _("the same phone")


def _named(lead: Lead, target: str) -> Iterator[tuple[str, str]]:
    name = lead.company if target == "organization" else lead.name
    if name:
        yield name, _("a name like it")
