"""The pages of the settings about privacy, as tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kariz.features.privacy import people


@dataclass(frozen=True)
class Section:
    label: Any
    url: str
    is_current: bool


def sections(current: str) -> list[Section]:
    listed = {
        "channels": (_("Consent channels"), reverse("privacy:channels")),
        "personal": (_("Personal fields"), reverse("privacy:personal", args=[people.types()[0].name])),
        "retention": (_("Retention"), reverse("privacy:retention")),
        "erasures": (_("Erasures"), reverse("privacy:erasures")),
    }
    return [Section(label, url, name == current) for name, (label, url) in listed.items()]
