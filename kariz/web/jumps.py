"""Places to which search jumps: lists, views, new records, settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import access, seen
from kariz.core.registry import RecordType
from kariz.lib.prepared import Prepared
from kariz.lib.text import fold
from kariz.web import slots
from kariz.web.doors import reader
from kariz.web.listing import address_of
from kariz.web.models import SavedView

MOST = 8


@dataclass(frozen=True)
class Jump:
    """`quick` is the address of a form that opens in a dialog on the page one is on."""

    label: str
    icon: str
    url: str
    note: str = ""
    quick: str = ""


def places(request: HttpRequest) -> list[Jump]:
    """Where one can go without naming a record."""
    user = reader(request)
    types = seen.every(user)
    return [
        Jump(_("Home"), "house", reverse("web:home")),
        *_lists(types),
        *_new(types, user),
        *_slots(request, user),
    ]


def matching(request: HttpRequest, text: str) -> list[Jump]:
    """The places and saved views whose name holds every word of `text`."""
    words = fold(text).split()
    if not words:
        return []
    found = [jump for jump in places(request) if _holds(jump.label, words)]
    return [*found, *_views(reader(request), words)][:MOST]


def _holds(label: str, words: list[str]) -> bool:
    folded = fold(label)
    return all(word in folded for word in words)


def _lists(types: list[RecordType]) -> Iterator[Jump]:
    for one in types:
        yield Jump(str(one.plural), one.icon, address_of(one), _("List"))


def _new(types: list[RecordType], user: User) -> Iterator[Jump]:
    for one in types:
        if access.may(one, user, "create"):
            label = _("Add %(type)s") % {"type": one.label}
            new, quick = (address_of(one, page=page) for page in ("new", "quick"))
            yield Jump(label, "plus", new, quick=quick)


def _slots(request: HttpRequest, user: User) -> Iterator[Jump]:
    own: list[dict[str, Any]] = [*slots.of("sidebar", request), *slots.of("user_menu", request)]
    if user.is_administrator:
        yield Jump(_("Settings"), "settings", reverse("web:settings"))
        own += slots.of("settings", request)
    for entry in own:
        yield Jump(str(entry["label"]), entry["icon"] or "arrow-right", entry["url"])
    yield Jump(_("Preferences"), "sliders-horizontal", reverse("web:preferences"))


def _views(user: User, words: list[str]) -> Iterator[Jump]:
    known = {one.name: one for one in seen.every(user)}
    for pk, key, name, type_name in _VIEWS.rows(user.pk):
        record_type, label = known.get(type_name), _(name) if key else name
        if record_type and _holds(label, words):
            url = address_of(record_type, {"view": pk})
            yield Jump(label, record_type.icon, url, str(record_type.plural))


_VIEWS = Prepared(
    lambda user: SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).values_list(
        "pk", "key", "name", "record_type"
    )
)
