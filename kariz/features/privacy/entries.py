"""Where the screens lead to consent, erasure and retention."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.accounts.models import User
from kariz.core import access, registry
from kariz.core.actions import action
from kariz.core.registry import RecordType
from kariz.features.privacy import erasing, people
from kariz.features.privacy.erasing import Order
from kariz.features.privacy.models import Erasure
from kariz.features.privacy.views import consents
from kariz.web import slots
from kariz.web.doors import reader
from kariz.web.slots import Entry


def _may_consent(request: HttpRequest, record_type: RecordType) -> bool:
    return people.is_person(record_type) and access.may(record_type, reader(request), "edit")


def _is_administrator(request: HttpRequest, record_type: Any) -> bool:
    return reader(request).is_administrator


@action(
    "erase",
    label=_("Erase this person"),
    icon="eraser",
    page="privacy:erase",
    is_further=True,
    fits=lambda record: people.is_person(registry.of(record)),
    allowed=lambda user: user.is_administrator,
    even_locked=True,
)
def erase(
    record_type: RecordType, record: Any, *, user: User | None, way: str = Erasure.Way.ANONYMISED
) -> Erasure:
    """Erase the person that the record is of; see `erasing.carry_out`."""
    return erasing.carry_out(Order({record_type.name: [record.pk]}, way), user)


slots.add_tab(
    slots.Tab("consent", _("Consent"), consents.inside, consents.count, position=30, fits=people.is_person)
)
slots.add(
    "bulk",
    Entry(
        label=_("Record consent"),
        url=lambda record_type: reverse("privacy:consent_bulk", args=[record_type.name]),
        icon="shield-check",
        position=105,
        shown=_may_consent,
    ),
)
slots.add(
    "list_actions",
    Entry(
        label=_("Retention rule"),
        url=lambda record_type: reverse("privacy:rule_new", args=[record_type.name]),
        icon="hourglass",
        position=95,
        shown=_is_administrator,
        knows_list=True,
    ),
)
slots.add(
    "settings",
    Entry(_("Consent channels"), lambda record_type: reverse("privacy:channels"), "shield-check", 92),
)
slots.add(
    "settings", Entry(_("Retention"), lambda record_type: reverse("privacy:retention"), "hourglass", 93)
)
slots.add("settings", Entry(_("Erasures"), lambda record_type: reverse("privacy:erasures"), "eraser", 94))
