"""What the home page is made of: record types and features register what they have to say, the page names none.

    home_cards.add(new_leads, position=10, type="lead", fields=("status", "created_at"))

where `new_leads(request)` gives any number of tiles, lists and bars; none where it has nothing for this person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from kariz.accounts.models import User
from kariz.core import access, links, records, registry, seen
from kariz.core.registry import RecordType
from kariz.web import cells, people
from kariz.web.doors import reader
from kariz.web.listing import address_of, written


@dataclass(frozen=True)
class Tile:
    """One number that can be pressed. `tone` is good, care or bad, with `icon` beside the note."""

    label: Any
    value: str
    url: str = ""
    note: str = ""
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Row:
    """One record of a short list: why it is there, and what stands at the end."""

    title: str
    url: str
    notes: Sequence[str] = ()
    end: SafeString | str = ""


@dataclass(frozen=True)
class Records:
    """A short list; `empty` says what would stand here."""

    label: Any
    icon: str
    rows: Sequence[Row]
    empty: Any
    url: str = ""
    count: str = ""
    template = "web/home/_records.html"


@dataclass(frozen=True)
class Bar:
    """A whole amount and the part of it that weighs, of the largest of the card."""

    label: Any
    value: str
    whole: int
    part: int | None = None
    colour: str = ""
    url: str = ""
    person: int = 0

    @property
    def initials(self) -> str:
        return people.initials(str(self.label))


@dataclass(frozen=True)
class Bars:
    """Amounts beside each other."""

    label: Any
    bars: Sequence[Bar]
    legend: Sequence[Any] = field(default=())
    note: str = ""
    template = "web/home/_bars.html"

    @property
    def longest(self) -> int:
        return max((bar.whole for bar in self.bars), default=0) or 1


Part = Tile | Records | Bars
Tell = Callable[[HttpRequest], Iterable[Part]]


@dataclass(frozen=True)
class Home:
    tiles: list[Tile]
    cards: list[Records | Bars]


@dataclass(frozen=True)
class Teller:
    """What it tells is of records of a type, and takes all `fields` to tell."""

    position: int
    tell: Tell
    type: str
    fields: frozenset[str]

    def may_tell(self, user: User) -> bool:
        """Whether the person may read all that it takes."""
        known = registry.get(self.type)
        return access.may(known, user, "read") and self.fields <= seen.by(known, user).all_fields.keys()


_tellers: list[Teller] = []


def add(tell: Tell, *, position: int, type: str, fields: Iterable[str]) -> None:  # noqa: A002  as in a declaration
    """Let `tell` speak to everybody who may read these fields of records of this type."""
    _tellers.append(Teller(position, tell, type, frozenset(fields)))


def of(request: HttpRequest) -> Home:
    """All that the home page of this person shows, in order."""
    user = reader(request)
    ordered = sorted(_tellers, key=lambda one: one.position)
    told = [part for one in ordered if one.may_tell(user) for part in one.tell(request)]
    tiles = [part for part in told if isinstance(part, Tile)]
    return Home(tiles, [part for part in told if not isinstance(part, Tile)])


def list_url(record_type: RecordType, where: Any, **parameters: str) -> str:
    """The list that shows exactly the records of a card."""
    return address_of(record_type, {"where": written(where), **parameters})


def rows(
    request: HttpRequest,
    record_type: RecordType,
    where: Any,
    *,
    sort: str,
    notes: Callable[[Any], Sequence[str]],
    end: str,
    most: int = 6,
) -> list[Row]:
    """The first records of a condition. `notes` say why a record is there; the field `end` stands at its end."""
    user = reader(request)
    found = list(records.visible(record_type, user, where=where, sort=sort)[:most])
    return list(_painted(seen.by(record_type, user), found, notes, end, user))


def _painted(
    record_type: RecordType, found: list[Any], notes: Callable[[Any], Sequence[str]], end: str, user: User
) -> Iterator[Row]:
    fields = record_type.fields
    shown = fields.get(end)
    paint = cells.painter(shown, links.names([shown], found, user)) if shown else None
    title = record_type.all_fields[record_type.title]
    for record in found:
        url = reverse("web:record", args=[record_type, record.pk])
        yield Row(title.show(title.get(record)), url, notes(record), paint(record) if paint else "")
