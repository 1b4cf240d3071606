"""Takes old entries off the beginning of the chain; what is left still leads back to a signed place."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from kariz.audit import guards, sealing, signing
from kariz.audit.stored import entries
from kariz.audit.writing import note


@transaction.atomic
def cut(before: datetime) -> int:
    """Delete the entries that were written before a moment; how many. Raises `sealing.Broken`.

    Only a whole stretch goes: up to the first entry that is newer, and never the last one.
    """
    sealing.hold(waits=True)
    chain = sealing.end()
    sealed = entries().filter(number__isnull=False)
    newer = sealed.filter(at__gte=before).order_by("number").first()
    first_kept = newer.number if newer else chain.number
    last = sealed.filter(number__lt=first_kept).order_by("-number").first()
    if last is None or last.number is None:
        return 0
    with guards.opened("cut"), connection.cursor() as cursor:
        within = "entry_id IN (SELECT id FROM audit_entry WHERE number <= %s)"
        cursor.execute(f"DELETE FROM audit_entryrecords WHERE {within}", [last.number])  # noqa: S608  no input
        cursor.execute("DELETE FROM audit_entry WHERE number <= %s", [last.number])
        count = int(cursor.rowcount)
    chain.cut_number, chain.cut_hash = last.number, last.hash
    signing.sign(chain)
    chain.save()
    note("audit.cut", entries=count, before=before, last=f"{last.number}:{last.hash}")
    return count
