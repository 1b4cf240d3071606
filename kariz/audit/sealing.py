"""Links entries into the chain, in the order of their ids, one process at a time.

The lock is PostgreSQL's advisory one, held to the end of a short transaction; SQLite lets only one write anyway. That
numbers are unique keeps the chain from forking whatever happens.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import QuerySet

from kariz.audit import signing, stored

if TYPE_CHECKING:
    from kariz.audit.models import Chain, Entry

AT_ONCE = 1000
LOCK = "kariz.audit"

logger = logging.getLogger(__name__)


class Broken(Exception):
    """The end of the chain is not what Kariz has signed: nothing is added to it until somebody has looked at it."""


def seal(*, waits: bool = False) -> int:
    """Link what is not linked yet; how many entries that were. Where somebody else does, leave or wait."""
    if not _unsealed().exists():
        return 0
    with transaction.atomic():
        if not hold(waits=waits):
            return 0
        try:
            return link(end())
        except Broken as error:
            logger.error("%s", error)  # noqa: TRY400  the trace tells no more
            return 0


def hold(*, waits: bool) -> bool:
    """Whether the chain is this transaction's until its end."""
    if connection.vendor != "postgresql":
        return True
    call = (
        "pg_advisory_xact_lock(hashtext(%s)) IS NOT NULL"
        if waits
        else "pg_try_advisory_xact_lock(hashtext(%s))"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}", [LOCK])
        return bool(cursor.fetchone()[0])


def start() -> None:
    """Give the log its signed end where it has none and is empty, because the database was emptied on purpose."""
    from kariz.audit.models import Chain

    if stored.chain() is None and not stored.entries().exists():
        chain = Chain(pk=1)
        signing.sign(chain)
        chain.save(force_insert=True)


def end() -> Chain:
    """The chain's end, for whoever holds it. Raises `Broken`."""
    found = stored.chain()
    if found is None or not signing.is_signed(found):
        raise Broken(
            "The end of the audit log is not signed with this installation's key: run `kariz audit --verify`."
        )
    return found


def link(chain: Chain, *, trusts: bool = False) -> int:
    """Link what waits, for whoever holds the chain. What Kariz has not signed stays outside, unless one `trusts` it."""
    done, last, waiting = 0, 0, None
    while waiting is None or len(waiting) == AT_ONCE:
        waiting = list(_unsealed().filter(pk__gt=last).order_by("pk")[:AT_ONCE])
        last = waiting[-1].pk if waiting else last
        ours = [entry for entry in waiting if trusts or signing.is_ours(entry)]
        for entry in ours:
            chain.number += 1
            entry.number, entry.previous = chain.number, chain.hash
            entry.hash = chain.hash = signing.hash_of(entry)
        _write(ours)
        done += len(ours)
    if done or trusts:
        signing.sign(chain)
        chain.save()
    return done


def _write(entries: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE audit_entry SET number = %s, previous = %s, hash = %s WHERE id = %s AND number IS NULL",
            [(entry.number, entry.previous, entry.hash, entry.pk) for entry in entries],
        )


def _unsealed() -> QuerySet[Entry]:
    return stored.entries().filter(number__isnull=True)


@transaction.atomic
def adopt(reason: str) -> bool:
    """Sign a log that was signed with another key, as after a restore elsewhere; False where it is signed with ours.

    An entry tells of it, and where the log ended then. Whether the links are whole is for `verify` to say.
    """
    from kariz.audit.writing import note

    hold(waits=True)
    chain = stored.chain()
    if chain is None or signing.is_signed(chain):
        return False
    before, key = str(chain), chain.key
    link(chain, trusts=True)
    note("audit.adopted", end=before, key=key, reason=reason)
    return True
