"""What the administrator of the sample company has arranged: a field of its own, a shared view on a tab."""

from __future__ import annotations

from kariz.core import metadata, registry
from kariz.features.demo.people import Staff
from kariz.features.demo.words import Words
from kariz.web import saved
from kariz.web.models import SavedView

HOT_FROM_THE_FAIR = {
    "all": [["source", "is", "trade_fair"], ["temperature", "is", "hot"], ["is_open", "yes"]]
}


def add_field(words: Words) -> str:
    """The name of the custom number of organizations."""
    organization = registry.get("organization")
    for name, field in organization.all_fields.items():
        if field.is_custom and str(field.label) == words.custom_field:
            return name
    block = organization.blocks[0].key
    return metadata.add_field(organization, label=words.custom_field, type="number", block=block).name


def share_view(words: Words, staff: Staff) -> None:
    _administrator, manager, _salesperson = told = staff.everybody[:3]
    view, _made = SavedView.objects.get_or_create(
        record_type="lead",
        name=words.view,
        owner=manager,
        defaults={"where": HOT_FROM_THE_FAIR, "sort": "-created_at", "is_shared": True, "position": 100},
    )
    for user in told:
        saved.use(view, user, is_pinned=True)
