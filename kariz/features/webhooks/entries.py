"""Where administrators find the webhooks."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.web import slots
from kariz.web.slots import Entry

slots.add("settings", Entry(_("Webhooks"), lambda record_type: reverse("webhooks:webhooks"), "webhook", 80))
