"""Where the screens lead to the health of the data."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.features.health import subjects
from kariz.web import slots
from kariz.web.doors import reader


def _is_shown(request: HttpRequest, _record_type: object) -> bool:
    return bool(subjects.readable(reader(request)))


slots.add(
    "sidebar",
    slots.Entry(
        label=_("Data health"),
        url=lambda record_type: reverse("health:first"),
        icon="activity",
        position=110,
        shown=_is_shown,
    ),
)
