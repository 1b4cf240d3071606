"""Where administrators find the log: in the settings, and for one record on its page."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.features.audit import views
from kariz.web import slots
from kariz.web.doors import reader


def _is_administrator(request: HttpRequest) -> bool:
    return reader(request).is_administrator


slots.add(
    "settings", slots.Entry(_("Audit log"), lambda record_type: reverse("audit:log"), "shield-check", 85)
)
slots.add_tab(slots.Tab("audit", _("Seen and exported"), views.inside, position=200, shown=_is_administrator))
