"""Where the screens lead to duplicates: lists, forms, record pages, the settings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.core import registry
from kariz.features.duplicates import requests, rules, views_warning
from kariz.web import slots
from kariz.web.slots import Entry


def _is_recognised(request: HttpRequest, record_type: Any) -> bool:
    return rules.of(record_type) is not None


def _names(record_type: Any) -> frozenset[str]:
    recognition = rules.of(record_type)
    return recognition.names if recognition else frozenset()


def _rule(record_type: Any) -> str:
    return reverse("duplicates:rule", args=[record_type or registry.every()[0]])


slots.add(
    "list_actions",
    Entry(
        label=_("Possible duplicates"),
        url=lambda record_type: reverse("duplicates:queue", args=[record_type]),
        icon="copy",
        position=60,
        shown=_is_recognised,
    ),
)
slots.add("gear", Entry(_("Recognising duplicates"), _rule, "copy", 45))
slots.add("settings", Entry(_("Recognising duplicates"), _rule, "copy", 42))
slots.watch(slots.Watch(_names, views_warning.address))
slots.add_tab(
    slots.Tab("requests", _("Requests"), requests.inside, requests.count, position=25, fits=requests.are_of)
)
