"""Where the administrator's screens are reached from: the gear of each list, and the index of the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.core import registry
from kariz.core.registry import RecordType
from kariz.features.customize import sections
from kariz.web import slots
from kariz.web.slots import Entry


def _of_type(view: str) -> Callable[[Any], str]:
    """The page of a record type; of the first one where none is given."""

    def address(record_type: Any) -> str:
        return reverse(f"customize:{view}", args=[(record_type or registry.every()[0]).name])

    return address


def _has_groups(request: HttpRequest, record_type: RecordType) -> bool:
    return bool(sections.group_of(record_type))


slots.add("gear", Entry(_("Edit fields"), _of_type("fields"), "text", 10))
slots.add("gear", Entry(_("Edit picklist values"), _of_type("picklists"), "list", 20))
slots.add("gear", Entry(_("Edit pipelines"), _of_type("stages"), "milestone", 30, _has_groups))
slots.add("gear", Entry(_("Completeness"), _of_type("completeness"), "gauge", 40))

slots.add("settings", Entry(_("Fields"), _of_type("fields"), "text", 10))
slots.add("settings", Entry(_("Picklist values"), _of_type("picklists"), "list", 20))
slots.add("settings", Entry(_("Pipelines and stages"), sections.first_stages, "milestone", 30))
slots.add("settings", Entry(_("Completeness"), _of_type("completeness"), "gauge", 40))
slots.add("settings", Entry(_("Users"), lambda record_type: reverse("customize:users"), "user", 50))
slots.add("settings", Entry(_("Teams"), lambda record_type: reverse("customize:teams"), "users", 60))
slots.add("settings", Entry(_("Company"), lambda record_type: reverse("customize:company"), "building-2", 70))
