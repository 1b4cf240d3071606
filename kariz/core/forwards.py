"""Where the records are that have become part of others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kariz.core.erasing import ERASED
from kariz.core.models import MergedRecord

if TYPE_CHECKING:
    from kariz.core.registry import RecordType


def now(record_type: RecordType, pk: int) -> int | None:
    """The id of the record that this one has become part of, at the end of the way; None where it has not."""
    seen = {pk}
    merged = MergedRecord.objects.filter(record_type=record_type.name)
    while (into := merged.filter(record_id=pk).values_list("into_id", flat=True).first()) is not None:
        if into in seen:
            break
        seen.add(into)
        pk = into
    return pk if len(seen) > 1 else None


def absorbed(record_type: RecordType, pk: int) -> dict[int, str]:
    """The records that have become part of this one, and of those in turn: id → title."""
    found: dict[int, str] = {}
    into: Iterable[int] = [pk]
    while into:
        rows = MergedRecord.objects.filter(record_type=record_type.name, into_id__in=into)
        known = rows.values_list("record_id", "title")
        fresh = {one: _("erased") if named == ERASED else named for one, named in known if one not in found}
        found |= fresh
        into = fresh
    return found
