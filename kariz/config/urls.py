"""Addresses: the API, the screens, and whatever a feature or a record type adds in its own `urls` module."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

ADDING = ("kariz.features.", "kariz.records.")
ADDED = [app for app in settings.APPS if app.startswith(ADDING) and find_spec(f"{app}.urls")]

urlpatterns = [
    path("", include("kariz.api.urls")),
    *(path("", include(import_module(f"{app}.urls"))) for app in ADDED),
    path("", include("kariz.web.urls")),
]
