"""Replaces what names a person in entries that are already linked, without breaking the chain."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from kariz.audit import guards, sealing
from kariz.audit.stored import entries
from kariz.audit.writing import finish, note, spelt
from kariz.lib.mentions import Mentions
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.audit.models import Entry

NOBODY = "…"
TEXTS = ("who", "agent", "title", "details")
WRITTEN = (*TEXTS, "words", "salt")  # the digest stays the signed one
AT_ONCE = 500


@transaction.atomic
def forget(
    person: Mentions, *, needles: Collection[str] = (), about: Collection[tuple[str, int]] = ()
) -> int:
    """Put "…" in the place of whatever names the person in every entry; how many entries that changed.

    `about` are the person's records, as name of their type and id, whose titles go in any case. The name of the user
    who did something stays: it is a colleague, whatever the name. `needles` are texts of which one occurs wherever
    the person is named; without any every entry is read. An entry tells which ones were changed, and to which
    digests. In the caller's transaction; entries that others are just writing are not seen by it.
    """
    sealing.hold(waits=True)
    with suppress(sealing.Broken):  # a person is forgotten all the same
        sealing.link(sealing.end())
    changed: dict[int, str] = {}
    with guards.opened("forget"):
        for entry in naming(person, needles=needles, about=about):
            before = [getattr(entry, name) for name in TEXTS]
            _cover(entry, person, is_meant=(entry.about_type, entry.about_id) in about)
            if before != [getattr(entry, name) for name in TEXTS]:
                finish(entry)
                _write(entry)
                changed[entry.pk] = entry.digest
    pairs = list(changed.items())
    for first in range(0, len(pairs), AT_ONCE):
        note("audit.forgotten", digests=dict(pairs[first : first + AT_ONCE]))
    return len(changed)


def naming(
    person: Mentions, *, needles: Collection[str] = (), about: Collection[tuple[str, int]] = ()
) -> Iterator[Entry]:
    """The entries that name the person, or are about one of these records, as they were before this began."""
    if not person and not about:
        return
    texts = [Q(words__contains=fold(needle)) for needle in needles if fold(needle)]
    records = [Q(about_type=record_type, about_id=pk) for record_type, pk in about]
    found = entries() if person and not texts else entries().filter(reduce(or_, [*texts, *records]))
    ids = list(found.values_list("pk", flat=True))
    for first in range(0, len(ids), AT_ONCE):
        for entry in entries().filter(pk__in=ids[first : first + AT_ONCE]).order_by("pk"):
            if (entry.about_type, entry.about_id) in about or _is_in(person, entry):
                yield entry


def _is_in(person: Mentions, entry: Entry) -> bool:
    named = [entry.agent, entry.title, entry.told]
    return person.are_in(named if entry.user_id else [*named, entry.who])


def _cover(entry: Entry, person: Mentions, *, is_meant: bool) -> None:
    if not entry.user_id:
        entry.who = person.masked(entry.who, NOBODY)
    entry.agent = person.masked(entry.agent, NOBODY)
    entry.title = NOBODY if is_meant else person.masked(entry.title, NOBODY)
    entry.details = spelt(person.masked(entry.told, NOBODY))


def _write(entry: Entry) -> None:
    assignments = ", ".join(f"{name} = %s" for name in WRITTEN)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE audit_entry SET {assignments} WHERE id = %s",  # noqa: S608  names of ours
            [*(getattr(entry, name) for name in WRITTEN), entry.pk],
        )
