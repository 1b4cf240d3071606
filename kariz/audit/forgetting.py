"""Replaces what names a person in entries that are already linked, without breaking the chain."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q

from kariz.audit import guards, sealing
from kariz.audit.stored import entries
from kariz.audit.writing import finish, note, spelt
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.audit.models import Entry

NOBODY = "…"
TEXTS = ("who", "agent", "title", "details")
WRITTEN = (*TEXTS, "words", "salt")  # the digest stays the signed one
AT_ONCE = 500


@transaction.atomic
def forget(replaced: Mapping[str, str], *, about: Collection[tuple[str, int]] = ()) -> int:
    """Put `replaced[value]` (such as "…") in the place of each value in every entry; how many entries that changed.

    Values are whole words or groups of words, of either case: names, e-mails, phones as they were written. `about` are
    records, as name of their type and id, whose titles go in any case. An entry tells which entries were changed, and
    to which digests. In the caller's transaction; entries that others are just writing are not seen by it.
    """
    values = {value: by for value, by in replaced.items() if fold(value)}
    sealing.hold(waits=True)
    with suppress(sealing.Broken):  # a person is forgotten all the same
        sealing.link(sealing.end())
    changed: dict[int, str] = {}
    with guards.opened("forget"):
        for entry in _naming(values, about):
            before = [getattr(entry, name) for name in TEXTS]
            _replace(entry, values, is_meant=(entry.about_type, entry.about_id) in about)
            if before != [getattr(entry, name) for name in TEXTS]:
                finish(entry)
                _write(entry)
                changed[entry.pk] = entry.digest
    pairs = list(changed.items())
    for first in range(0, len(pairs), AT_ONCE):
        note("audit.forgotten", digests=dict(pairs[first : first + AT_ONCE]))
    return len(changed)


def _naming(values: Mapping[str, str], about: Collection[tuple[str, int]]) -> Iterator[Entry]:
    """The entries that may hold one of the values, as they were before this began."""
    asked = [Q(words__contains=fold(value)) for value in values]
    asked += [Q(about_type=record_type, about_id=pk) for record_type, pk in about]
    if asked:
        found = entries().filter(reduce(or_, asked))
        ids = list(found.values_list("pk", flat=True))
        for first in range(0, len(ids), AT_ONCE):
            yield from entries().filter(pk__in=ids[first : first + AT_ONCE]).order_by("pk")


def _replace(entry: Entry, values: Mapping[str, str], *, is_meant: bool) -> None:
    entry.who, entry.agent = _without(entry.who, values), _without(entry.agent, values)
    entry.title = NOBODY if is_meant else _without(entry.title, values)
    entry.details = spelt(_without(entry.told, values))


def _without(value: Any, replaced: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, replaced) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, replaced) for one in value]
    if isinstance(value, str):
        for old, new in replaced.items():
            whole = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE)
            value = new.join(whole.split(value))
    return value


def _write(entry: Entry) -> None:
    assignments = ", ".join(f"{name} = %s" for name in WRITTEN)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE audit_entry SET {assignments} WHERE id = %s",  # noqa: S608  names of ours
            [*(getattr(entry, name) for name in WRITTEN), entry.pk],
        )
