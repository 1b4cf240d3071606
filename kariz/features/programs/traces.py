"""Registered programs among what may name a person, and how long access that nobody uses is kept."""

from django.utils.translation import gettext_lazy as _

from kariz.core import erasing, keeping
from kariz.core.erasing import Mentioned
from kariz.features.programs.models import Program
from kariz.features.programs.oauth import connections

TEXTS = ("name", "home_page", "addresses")

erasing.add(
    "programs",
    _("Registered programs that name the person"),
    Mentioned(Program, TEXTS, is_small=True),
    position=77,
)
keeping.say(_("Access of connected programs that they do not renew"), connections.REFRESH_FOR)
