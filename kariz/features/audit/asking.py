"""What of the log somebody asks for: kind, person, days of his calendar, words, one record; a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.audit.kinds import groups, kinds
from kariz.audit.models import Entry, EntryRecords
from kariz.core.fieldtypes.links import id_in
from kariz.lib import idsets
from kariz.lib.calendars import NotADay
from kariz.lib.keyset import BadCursor, Cursor
from kariz.lib.text import fold

SIZE = 50
MOST_SETS = 1000  # of the exports of a record type, those that are looked into for one record
PARTS = ("kind", "user", "from", "to", "q", "type", "id")


@dataclass(frozen=True)
class Asked:
    """`given` is what the address says; `days` are half-open bounds; `problem` says what is wrong with them."""

    given: Mapping[str, str]
    days: tuple[date | None, date | None] = (None, None)
    problem: str = ""

    def entries(self) -> QuerySet[Entry]:
        """Newest first."""
        found: QuerySet[Entry] = Entry.objects.order_by("-at", "-id")
        if self.given["kind"]:
            found = found.filter(kind__in=_kinds(self.given["kind"]))
        if (user := id_in(self.given["user"])) is not None:
            found = found.filter(user_id=user)
        if self.given["type"]:
            found = found.filter(about(self.given["type"], id_in(self.given["id"])))
        for word in fold(self.given["q"]).split():
            found = found.filter(words__contains=word)
        return within(found, *self.days)


def read(sent: Mapping[str, str]) -> Asked:
    given = {name: sent.get(name, "").strip().replace("\x00", "") for name in PARTS}
    ours = locale.active()
    try:
        first = ours.parse_day(given["from"]) if given["from"] else None
        last = ours.parse_day(given["to"]) if given["to"] else None
    except NotADay:
        return Asked(
            given,
            problem=_("Enter days as you write them, such as %(today)s.")
            % {"today": ours.day(ours.today(), "short")},
        )
    return Asked(given, (first, last + timedelta(days=1) if last else None))


def within(found: QuerySet[Entry], first: date | None, end: date | None) -> QuerySet[Entry]:
    """The entries from the start of one day to before another, in the active time zone."""
    tz = locale.active().tz
    if first:
        found = found.filter(at__gte=datetime.combine(first, time.min, tz))
    return found.filter(at__lt=datetime.combine(end, time.min, tz)) if end else found


def _kinds(name: str) -> list[str]:
    """A kind, or those of a group."""
    return [name] if "." in name else [kind for kind in kinds if kind.startswith(f"{name}.")]


def about(record_type: str, pk: int | None) -> Q:
    """What is about a record or a type; of a record also what was about many, such as an export."""
    if pk is None:
        return Q(about_type=record_type)
    blocks = EntryRecords.objects.filter(record_type=record_type, block=idsets.block_of(pk)).order_by(
        "-entry"
    )
    held = [
        entry for entry, bits in blocks.values_list("entry", "bits")[:MOST_SETS] if _holds(bytes(bits), pk)
    ]
    return Q(about_type=record_type, about_id=pk) | Q(pk__in=held)


def _holds(bits: bytes, pk: int) -> bool:
    try:
        return idsets.holds(bits, pk)
    except idsets.Damaged:  # which verifying tells of
        return False


def page(found: QuerySet[Entry], cursor: str) -> tuple[list[Entry], str]:
    """The entries after a cursor, and the cursor of what follows. A bad cursor is the first page."""
    found = _after(found, cursor)
    rows = list(found[: SIZE + 1])
    more = len(rows) > SIZE
    rows = rows[:SIZE]
    return rows, Cursor((rows[-1].at, rows[-1].pk)).encode() if more else ""


def _after(found: QuerySet[Entry], cursor: str) -> QuerySet[Entry]:
    try:
        at, pk = Cursor.decode(cursor).values if cursor else (None, None)
    except (BadCursor, ValueError):
        return found
    if not isinstance(at, datetime) or not isinstance(pk, int) or not at.tzinfo or not 0 < pk < 2**63:
        return found
    return found.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=pk)))


def options() -> list[tuple[Any, str, list[tuple[str, Any]]]]:
    """The groups of kinds with their kinds, for a choice."""
    names = dict.fromkeys(name.partition(".")[0] for name in kinds)
    return [
        (
            groups.get(group, group),
            group,
            [(n, label) for n, label in kinds.items() if n.startswith(f"{group}.")],
        )
        for group in names
    ]
