"""Where the screens of rights are reached from: the settings, lists, and the pages of records."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kariz.core import access, registry, sharing
from kariz.core.actions import action
from kariz.core.grants import Level
from kariz.core.records import Invalid
from kariz.core.sharing import Terms
from kariz.features.rights.whom import find
from kariz.web import slots
from kariz.web.doors import reader
from kariz.web.slots import Entry


@action("share", label=_("Share"), icon="share-2", page="rights:share", is_further=True)
def share(record_type: Any, record: Any, *, user: Any, whom: str = "", level: str = Level.READ) -> Any:
    """Share a record with one person, team or role, such as `user:3`, to `read` or to `write`."""
    found = find(whom)
    if found is None:
        raise Invalid({"whom": [gettext("Choose somebody who is still there.")]})
    if level not in Level.values:
        raise Invalid({"level": [gettext("Choose how far it reaches.")]})
    sharing.share(record_type, [record], [found], Terms(level), by=user)
    return record


def _may_share(request: HttpRequest, record_type: Any) -> bool:
    return access.may(record_type, reader(request), "bulk")


def _is_inside(request: HttpRequest, record: Any) -> bool:
    return not reader(request).is_external


def _sharing(record_type: Any) -> str:
    return reverse("rights:sharing", args=[record_type or registry.every()[0]])


def _readers(record: Any) -> str:
    return reverse("rights:readers", args=[registry.of(record), record.pk])


PAGES = (
    (_("Roles"), lambda record_type: reverse("rights:roles"), "workflow", 62),
    (_("Profiles"), lambda record_type: reverse("rights:profiles"), "shield-check", 64),
    (_("Sharing"), _sharing, "share-2", 66),
)
for label, url, icon, position in PAGES:
    for slot in ("settings", "settings_people"):
        slots.add(slot, Entry(label, url, icon, position))

slots.add(
    "bulk",
    Entry(
        label=_("Share"),
        url=lambda record_type: reverse("rights:share_many", args=[record_type]),
        icon="share-2",
        position=105,
        shown=_may_share,
    ),
)
slots.add("about_record", Entry(_("Who can see this?"), _readers, "eye", shown=_is_inside))
