"""Possible duplicates as a condition of every list, and as a number on the page of the data's health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from kariz.core import marks, measures
from kariz.core.measures import Measure
from kariz.features.duplicates import rules
from kariz.features.duplicates.models import DuplicateGroup, DuplicateMember

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

NAME = "possible_duplicate"


@marks.register(NAME, _("Possible duplicate"))
def in_open_group(record_type: RecordType) -> Exists | None:
    if rules.of(record_type) is None:
        return None
    members = DuplicateMember.objects.filter(
        record_type=record_type.name, record_id=OuterRef("pk"), group__state=DuplicateGroup.State.OPEN
    )
    return Exists(members)


measures.register(
    Measure(
        "duplicates",
        _("Possible duplicates"),
        lambda record_type: [NAME, "yes"] if rules.of(record_type) else None,
        position=80,
    )
)
