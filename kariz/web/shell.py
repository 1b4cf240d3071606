"""What the frame of every signed-in page shows: where one can go, what is new, who one is."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kariz import notices
from kariz.accounts import locale, previewing
from kariz.accounts.models import User
from kariz.core import access, seen
from kariz.core.registry import RecordType
from kariz.web import people, slots, visits
from kariz.web.listing import address_of


def context(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Nothing is computed before a template asks."""
    user = getattr(request, "user", None)
    return {"shell": Shell(request, user)} if user is not None and user.is_authenticated else {}


class Shell:
    def __init__(self, request: HttpRequest, user: Any) -> None:
        self.request = request
        self.person: User = user
        match = request.resolver_match
        self.address = match.view_name if match else ""
        self.current = match.kwargs.get("record_type") if match else None

    @property
    def theme(self) -> str:
        return self.person.theme

    @property
    def density(self) -> str:
        return self.person.density

    @cached_property
    def preview(self) -> dict[str, str] | None:
        """Whose eyes these are, in the words of the administrator who looks with them."""
        found = previewing.current(self.request)
        if found is None or found.is_over:
            return None
        ours = locale.Locale.of(found.by)
        with locale.use(ours):
            return {
                "text": _("You see Kariz as %(who)s does. Nothing can be changed.") % {"who": found.of},
                "stop": _("Stop"),
                "language": ours.language,
                "direction": "rtl" if ours.is_rtl else "ltr",
            }

    @property
    def digits(self) -> str:
        """The numbering system, as scripts call it."""
        return "arabext" if locale.active().digits == "persian" else "latn"

    @property
    def is_home(self) -> bool:
        return self.address == "web:home"

    @property
    def is_settings(self) -> bool:
        return self.request.path.startswith(reverse("web:settings"))

    @property
    def may_administer(self) -> bool:
        return self.person.is_administrator

    @cached_property
    def types(self) -> list[dict[str, Any]]:
        """The record types that the person may read, each with a key of its own after `g`."""
        keys = _Keys()
        return [self._type(one, keys.next(one.name)) for one in seen.every(self.person)]

    def _type(self, record_type: RecordType, key: str) -> dict[str, Any]:
        return {
            "name": record_type.name,
            "label": record_type.plural,
            "singular": record_type.label,
            "icon": record_type.icon,
            "url": address_of(record_type),
            "new_url": address_of(record_type, page="new"),
            "quick_url": address_of(record_type, page="quick"),
            "key": key,
            "active": self.current == record_type and not self.is_settings,
            "may_create": access.may(record_type, self.person, "create"),
            "has_path": bool(record_type.path),
        }

    @property
    def dock(self) -> list[dict[str, Any]]:
        """The two types within reach of the thumb: those whose records move along a path."""
        return ([one for one in self.types if one["has_path"]] + self.types)[:2]

    @cached_property
    def places(self) -> list[dict[str, Any]]:
        return slots.of("sidebar", self.request)

    @cached_property
    def user_menu(self) -> list[dict[str, Any]]:
        return slots.of("user_menu", self.request)

    @cached_property
    def pinned(self) -> list[visits.Visited]:
        return visits.pinned(self.request)

    @cached_property
    def recent(self) -> list[visits.Visited]:
        return visits.recent(self.request)

    @cached_property
    def notice_count(self) -> str:
        count = notices.unread_count(self.person)
        reader = locale.active()
        return (
            f"{reader.number(count - 1)}+"
            if count >= notices.MOST_COUNTED
            else reader.number(count)
            if count
            else ""
        )

    @property
    def user(self) -> dict[str, str]:
        name = str(self.person)
        return {"name": name, "initials": people.initials(name), "colour": people.colour(self.person.pk)}


class _Keys:
    """Gives each name the first of its letters that is still free; `h` is home's."""

    def __init__(self) -> None:
        self.taken = {"h"}

    def next(self, name: str) -> str:
        key = next((letter for letter in name if letter.isalpha() and letter not in self.taken), "")
        self.taken.add(key)
        return key
