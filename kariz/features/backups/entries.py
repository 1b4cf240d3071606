"""Where administrators find the backups."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.web import slots
from kariz.web.slots import Entry

slots.add("settings", Entry(_("Backups"), lambda record_type: reverse("backups:backups"), "archive", 90))
