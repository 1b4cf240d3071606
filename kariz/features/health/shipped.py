"""The measures that every type has for which they make sense; features add theirs by `core.measures`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kariz.core.measures import Measure, register
from kariz.core.registry import RecordType
from kariz.features.health.subjects import of_kind

UNDER_FILLED = "60"  # percent of the expected fields, as the lists called “Under-filled” have it
UNTOUCHED = 365  # days, for what has no stage to be too long in


def _stale(record_type: RecordType) -> Any:
    if "stale_on" in record_type.all_fields:
        return ["stale_on", "past"]
    return ["updated_at", "older_than_n_days", UNTOUCHED]


def _under_filled(record_type: RecordType) -> Any:
    return ["completeness", "less", UNDER_FILLED] if record_type.expected_fields else None


def _unreachable(record_type: RecordType) -> Any:
    ways = of_kind(record_type, "phone", "email")
    return {"all": [[field.name, "empty"] for field in ways]} if ways else None


def _invalid(kind: str) -> Any:
    def where(record_type: RecordType) -> Any:
        fields = of_kind(record_type, kind)
        return {"any": [[field.name, "invalid"] for field in fields]} if fields else None

    return where


def _no_next_step(record_type: RecordType) -> Any:
    steps = [name for name in ("next_step", "next_contact_on") if name in record_type.fields]
    return {"all": [[name, "empty"] for name in steps]} if steps else None


register(Measure("stale", _("Stale"), _stale, 10))
register(Measure("under_filled", _("Under-filled"), _under_filled, 20))
register(Measure("unreachable", _("No phone and no e-mail"), _unreachable, 30))
register(Measure("invalid_phone", _("Invalid phone"), _invalid("phone"), 40))
register(Measure("invalid_email", _("Invalid e-mail"), _invalid("email"), 50))
register(Measure("no_next_step", _("No next step"), _no_next_step, 60))
register(Measure("no_owner", _("Nobody responsible"), lambda record_type: ["owner", "empty"], 70))
register(
    Measure("inactive_owner", _("Responsible is inactive"), lambda record_type: ["owner", "inactive"], 75)
)
