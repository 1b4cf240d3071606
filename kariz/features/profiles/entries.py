"""Where the screens lead to profiles."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.core import access, registry
from kariz.web import slots
from kariz.web.doors import reader


def _reads_any(request: HttpRequest, _record_type: object) -> bool:
    return any(access.may(one, reader(request), "read") for one in registry.every())


slots.add(
    "list_actions",
    slots.Entry(
        label=_("Portrait"),
        url=lambda record_type: reverse("profiles:new", args=[record_type.name]),
        icon="users-round",
        position=70,
        knows_list=True,
    ),
)
slots.add(
    "sidebar",
    slots.Entry(
        label=_("Customer profiles"),
        url=lambda record_type: reverse("profiles:profiles"),
        icon="users-round",
        position=110,
        shown=_reads_any,
    ),
)
