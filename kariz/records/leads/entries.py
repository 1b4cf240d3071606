"""Where the administrator's screen of the conversion is reached from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.records.leads.mapping import TARGETS
from kariz.web import slots
from kariz.web.slots import Entry


def _address(record_type: Any) -> str:
    return reverse("leads:mapping", args=[TARGETS[0]])


def _is_of_leads(request: HttpRequest, record_type: Any) -> bool:
    return record_type is not None and record_type.name == "lead"


slots.add("gear", Entry(_("Edit conversion"), _address, "shuffle", 50, _is_of_leads))
slots.add("settings", Entry(_("Conversion of leads"), _address, "shuffle", 45))
