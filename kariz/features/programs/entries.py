"""Where people find their tokens and the page of the API, and administrators all tokens."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.web import slots
from kariz.web.slots import Entry

slots.add(
    "user_menu", Entry(_("API tokens"), lambda record_type: reverse("programs:tokens"), "key-round", 60)
)
slots.add("user_menu", Entry(_("API"), lambda record_type: reverse("programs:api"), "binary", 70))
slots.add(
    "settings", Entry(_("API tokens"), lambda record_type: reverse("programs:everybody"), "key-round", 85)
)
