"""Where lists offer to merge: a button over ticked rows, for those who may delete what becomes part of another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kariz.core import access
from kariz.web import slots
from kariz.web.doors import reader


def _may_merge(request: HttpRequest, record_type: Any) -> bool:
    return access.may(record_type, reader(request), "merge")


slots.add(
    "bulk",
    slots.Entry(
        label=_("Merge"),
        url=lambda record_type: reverse("duplicates:merge", args=[record_type]),
        icon="git-merge",
        position=110,
        shown=_may_merge,
    ),
)
