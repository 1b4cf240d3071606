"""What the home page says of leads: those that are new, and those to be contacted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import locale
from kariz.core import paging, records, registry
from kariz.web import home_cards
from kariz.web.doors import reader
from kariz.web.home_cards import Part, Records, Tile, list_url

COUNTED = [["is_open", "yes"], ["is_incomplete", "no"]]
NEW = {"all": [*COUNTED, {"any": [["created_at", "today"], ["created_at", "yesterday"]]}]}
UNTOUCHED = {"all": [["status", "is", "new"], *COUNTED]}
DUE = {"all": [["is_open", "yes"], ["next_contact_on", "due"]]}
LONG = timedelta(days=1)


def new_leads(request: HttpRequest) -> Iterator[Part]:
    """How many came in since yesterday, and which of all untouched ones are the newest."""
    lead_type, user, ours = registry.get("lead"), reader(request), locale.active()
    count, is_more = paging.capped_count(records.visible(lead_type, user, where=NEW))
    untouched = records.visible(lead_type, user, where=UNTOUCHED)
    waiting, _is_more = paging.capped_count(untouched.filter(created_at__lt=timezone.now() - LONG))
    yield Tile(
        label=_("New leads since yesterday"),
        value=ours.number(count) + ("+" if is_more else ""),
        url=list_url(lead_type, NEW),
        note=_waiting(waiting, ours.number(waiting)),
        tone="care" if waiting else "",
        icon="clock" if waiting else "",
    )
    yield Records(
        label=_("New leads"),
        icon=lead_type.icon,
        rows=home_cards.rows(
            request, lead_type, UNTOUCHED, sort="-created_at", notes=_came, end="temperature"
        ),
        empty=_("No lead waits for its first contact."),
        url=list_url(lead_type, UNTOUCHED, sort="-created_at"),
    )


def _waiting(count: int, shown: str) -> str:
    if not count:
        return _("none waits longer than a day")
    return ngettext("%(n)s waits longer than a day", "%(n)s wait longer than a day", count) % {"n": shown}


def _came(lead: Any) -> Sequence[str]:
    """Such as “Website · 2 hours ago”."""
    return registry.get("lead").all_fields["source"].show(lead.source), locale.active().ago(lead.created_at)


def due_leads(request: HttpRequest) -> Iterator[Part]:
    """The leads whose day of contact has come; nothing where there is none."""
    lead_type = registry.get("lead")
    rows = home_cards.rows(
        request, lead_type, DUE, sort="next_contact_on", notes=_reach, end="next_contact_on"
    )
    if rows:
        yield Records(
            _("Leads to contact today"), "phone", rows, "", list_url(lead_type, DUE, sort="next_contact_on")
        )


def _reach(lead: Any) -> Sequence[str]:
    fields = registry.get("lead").all_fields
    ways = (fields[name].show(getattr(lead, name)) for name in ("company", "phone", "email"))
    return [way for way in ways if way]


home_cards.add(
    new_leads,
    position=10,
    type="lead",
    fields=("is_open", "is_incomplete", "created_at", "status", "source"),
)
home_cards.add(
    due_leads,
    position=40,
    type="lead",
    fields=("is_open", "next_contact_on", "company", "phone", "email"),
)
