"""Where people find their tokens, connected programs and the page of the API, and administrators everybody's."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.web import slots
from kariz.web.slots import Entry

slots.add(
    "user_menu", Entry(_("API tokens"), lambda record_type: reverse("programs:tokens"), "key-round", 60)
)
slots.add(
    "user_menu",
    Entry(
        _("Connected programs"),
        lambda record_type: f"{reverse('programs:tokens')}#connected",
        "layout-grid",
        65,
    ),
)
slots.add("user_menu", Entry(_("API"), lambda record_type: reverse("programs:api"), "binary", 70))
slots.add(
    "settings", Entry(_("API tokens"), lambda record_type: reverse("programs:everybody"), "key-round", 85)
)
slots.add(
    "settings",
    Entry(_("Registered programs"), lambda record_type: reverse("programs:registered"), "layout-grid", 86),
)
