"""Profiles of customers that name a person."""

from django.utils.translation import gettext_lazy as _

from kariz.core import erasing
from kariz.core.erasing import Mentioned
from kariz.features.profiles.models import Profile

TEXTS = ("name", "where", "needs", "pain_points", "findings")

erasing.add("profiles", _("Customer profiles that name the person"), Mentioned(Profile, TEXTS), position=64)
