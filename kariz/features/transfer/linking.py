"""Links between the rows of one file: kept with the rows, made when the last one is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kariz.core import records
from kariz.core.fieldtypes import FieldError
from kariz.core.models import ChangeBatch
from kariz.features.transfer.models import FailedRow, ImportFile, PendingLink

if TYPE_CHECKING:
    from kariz.core.registry import RecordType
    from kariz.features.transfer.resolving import Resolver

AT_ONCE = 1000


def keep(file: ImportFile, links: Iterable[tuple[int, int, dict[str, str]]]) -> None:
    """Keep (place in the chunk, record id, field → text) until `make`, in the chunk's own transaction."""
    PendingLink.objects.bulk_create(
        PendingLink(file=file, number=file.next_row + place + 1, record_id=pk, field=name, text=text)
        for place, pk, texts in links
        for name, text in texts.items()
    )


def make(file: ImportFile, record_type: RecordType, resolver: Resolver, batch: ChangeBatch) -> None:
    """Make the kept links; a row whose link leads nowhere is written without it, and listed."""
    while chunk := list(file.pending_links.order_by("pk")[:AT_ONCE]):
        resolver.prime(
            {name: {link.text for link in chunk if link.field == name} for name in {x.field for x in chunk}}
        )
        linking = record_type.model.objects.in_bulk([link.record_id for link in chunk])
        values: dict[int, dict[str, Any]] = {}
        for link in chunk:
            try:
                found = resolver.value(record_type.all_fields[link.field], link.text)
            except FieldError as error:
                _list(
                    file,
                    link,
                    f"{record_type.all_fields[link.field].label}: {error}",
                    linking[link.record_id],
                )
            else:
                values.setdefault(link.record_id, {})[link.field] = found
        rows = [(linking[pk], given) for pk, given in values.items()]
        # The records are the import's own; in an exact one they may be locked, or the link be one that Kariz keeps.
        records.save_many(record_type, rows, user=batch.user, batch=batch, is_trusted=resolver.is_exact)
        PendingLink.objects.filter(pk__in=[link.pk for link in chunk]).delete()


def _list(file: ImportFile, link: PendingLink, reason: str, record: Any) -> None:
    failed, _made = FailedRow.objects.get_or_create(
        file=file, number=link.number, defaults={"cells": [str(record)], "reasons": []}
    )
    failed.reasons = [*failed.reasons, reason]
    failed.save(update_fields=["reasons"])
