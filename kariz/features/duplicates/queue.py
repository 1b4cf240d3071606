"""The queue: the groups that a person may look at, a page at a time, as the screen shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from kariz.accounts import locale
from kariz.core import access, records
from kariz.core.registry import RecordType
from kariz.features.duplicates import rules
from kariz.features.duplicates.models import DuplicateGroup, DuplicateMember
from kariz.features.duplicates.reading import Named, Read, read
from kariz.features.duplicates.sides import told
from kariz.lib.keyset import BadCursor, Cursor
from kariz.web.listing import record_address, with_query

if TYPE_CHECKING:
    from kariz.accounts.models import User

State = DuplicateGroup.State

SIZE = 25
SURE = 90  # points
FACTS = 4
MOST_MERGED = 5  # records side by side


@dataclass(frozen=True)
class Asked:
    """What the queue shows, as its address says."""

    record_type: RecordType
    user: User
    state: str = State.OPEN
    kind: str = ""
    is_mine: bool = False

    @property
    def given(self) -> dict[str, str]:
        """The parameters of the address."""
        return {
            "state": "" if self.state == State.OPEN else self.state,
            "kind": self.kind,
            "mine": "1" if self.is_mine else "",
        }

    @property
    def address(self) -> str:
        return with_query(reverse("duplicates:queue", args=[self.record_type]), self.given)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.is_mine)


@dataclass(frozen=True)
class Fact:
    label: Any
    value: str


@dataclass(frozen=True)
class Member:
    read: Read
    reasons: tuple[str, ...]
    facts: list[Fact]
    url: str

    @property
    def record_type(self) -> RecordType:
        return self.read.recognition.record_type


@dataclass(frozen=True)
class Shown:
    """A group on the screen. `mergeable` are the ids of those members that can be put side by side."""

    group: DuplicateGroup
    members: list[Member]
    mergeable: list[int]
    may_decide: bool

    @property
    def score(self) -> str:
        return locale.active().number(self.group.score)

    @property
    def tone(self) -> str:
        return "care" if self.group.score >= SURE else "info"

    @property
    def is_mixed(self) -> bool:
        """Whether there is nothing to merge because the members are of different types."""
        return len({one.record_type.name for one in self.members}) == len(self.members)

    @property
    def ids(self) -> str:
        return ",".join(map(str, self.mergeable))


@dataclass(frozen=True)
class Page:
    shown: list[Shown]
    next: str = ""
    previous: str = ""


def groups(asked: Asked) -> QuerySet[DuplicateGroup]:
    """The groups with at least two records that the person sees, one of them of this type."""
    recognition = rules.of(asked.record_type)
    if recognition is None:
        return DuplicateGroup.objects.none()
    found = DuplicateGroup.objects.filter(family=recognition.family, state=asked.state)
    if asked.kind:
        found = found.filter(kinds__contains=f" {asked.kind} ")
    types = [one.record_type for one in rules.family(recognition.family)]
    ours = DuplicateMember.objects.filter(group=OuterRef("pk"), record_type=asked.record_type.name)
    if asked.is_mine:
        mine = records.visible(asked.record_type, asked.user).filter(owner=asked.user)
        ours = ours.filter(record_id__in=mine.order_by().values("pk"))
    if not all(access.sees_all(one, asked.user) for one in types):
        found = found.filter(pk__in=_seen(types, asked.user))
        ours = ours.filter(_visible(asked.record_type, asked.user))
    return found.filter(Exists(ours))


def _seen(types: Sequence[RecordType], user: User) -> QuerySet[Any]:
    members = DuplicateMember.objects.filter(reduce(or_, (_visible(one, user) for one in types)))
    counted = members.values("group").annotate(seen=Count("pk"))
    return counted.filter(seen__gte=2).values("group")


def _visible(record_type: RecordType, user: User) -> Q:
    seen = records.visible(record_type, user).order_by().values("pk")
    return Q(record_type=record_type.name, record_id__in=seen)


def page(asked: Asked, cursor: str = "", size: int = SIZE) -> Page:
    """The groups after (or before) the cursor, the likeliest first; in three statements."""
    found, position = groups(asked), _position(cursor)
    is_back = bool(position and position[0] == "before")
    if position:
        _side, score, pk = position
        found = (
            found.filter(Q(score__gt=score) | Q(score=score, pk__gt=pk))
            if is_back
            else found.filter(Q(score__lt=score) | Q(score=score, pk__lt=pk))
        )
    rows = list(
        found.order_by("score", "pk")[: size + 1] if is_back else found.order_by("-score", "-pk")[: size + 1]
    )
    has_more, rows = len(rows) > size, rows[:size]
    if is_back:
        rows.reverse()
    has_next, has_previous = (True, has_more) if is_back else (has_more, position is not None)
    return Page(
        show(asked, rows),
        next=_cursor("after", rows[-1]) if rows and has_next else "",
        previous=_cursor("before", rows[0]) if rows and has_previous else "",
    )


def _cursor(side: str, group: DuplicateGroup) -> str:
    return Cursor((side, group.score, group.pk)).encode()


def _position(cursor: str) -> tuple[str, int, int] | None:
    try:
        side, score, pk = Cursor.decode(cursor).values if cursor else ("", "", "")
    except (BadCursor, ValueError):
        return None
    if side in ("after", "before") and isinstance(score, int) and isinstance(pk, int):
        return str(side), score, pk
    return None


def show(asked: Asked, rows: Sequence[DuplicateGroup]) -> list[Shown]:
    """The groups with those of their members that the person sees."""
    members: dict[int, list[DuplicateMember]] = defaultdict(list)
    wanted: dict[str, set[int]] = defaultdict(set)
    for member in DuplicateMember.objects.filter(group__in=rows).order_by("-score", "pk"):
        members[member.group_id].append(member)
        wanted[member.record_type].add(member.record_id)
    seen = read(wanted, asked.user)
    owners: dict[str, dict[int, int | None]] = defaultdict(dict)
    for one in seen.values():
        owners[one.named[0]][one.pk] = one.owner_id
    writable = access.seen_among(owners, asked.user, access.WRITE)
    shown = (_shown(asked, row, members[row.pk], seen, writable) for row in rows)
    return [one for one in shown if len(one.members) > 1]


def _shown(
    asked: Asked,
    group: DuplicateGroup,
    members: Sequence[DuplicateMember],
    seen: dict[Named, Read],
    writable: set[Named],
) -> Shown:
    known = [
        _member(seen[row.record_type, row.record_id], row.reasons)
        for row in members
        if (row.record_type, row.record_id) in seen
    ]
    known.sort(key=lambda one: (one.record_type != asked.record_type, one.read.pk))
    ours = [one.read.pk for one in known if one.record_type == asked.record_type]
    return Shown(
        group,
        known,
        ours[:MOST_MERGED] if len(ours) > 1 and access.may(asked.record_type, asked.user, "merge") else [],
        all(one.read.named in writable for one in known),
    )


def _member(found: Read, reasons: Sequence[str]) -> Member:
    facts = [
        Fact(part.field.label, part.field.show(found.values[part.field.name]))
        for part in {part.field.name: part for part in found.recognition.parts}.values()
        if found.values.get(part.field.name)
        and not part.field.target
        and part.field.name != found.recognition.record_type.title
    ]
    return Member(
        found,
        told(found.recognition.rule, reasons),
        [fact for fact in facts if fact.value != found.title][:FACTS],
        record_address(found.named[0], found.pk),
    )
