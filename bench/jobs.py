"""What is timed: each job as the browser asks for it, and the hand-written SQL that fetches or writes the same rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench import raw
from bench.ground import Ground
from bench.visiting import Request
from kariz.core import records, registry, summary

Ask = Callable[[Ground, int], Request]
Raw = Callable[[Any, Ground, int], None]


@dataclass(frozen=True)
class Job:
    """`aim` is in milliseconds at one client; it is timed `count` times."""

    key: str
    label: str
    aim: int
    raw: Raw
    count: int


@dataclass(frozen=True)
class Page(Job):
    """Asked of the server; `ask` gives the request of a number."""

    ask: Ask


@dataclass(frozen=True)
class Call(Job):
    """What no page asks alone, called within this process."""

    call: Callable[[Ground], object]


def _list(ground: Ground, number: int) -> Request:
    where = {"all": [["temperature", "is", raw.TEMPERATURES[number % 3]], ["is_open", "yes"]]}
    return Request("/lead/?" + urlencode({"where": json.dumps(where), "sort": "-created_at"}))


def _record(ground: Ground, number: int) -> Request:
    return Request(f"/opportunity/{ground.opportunities[number % len(ground.opportunities)]}/")


def _search(ground: Ground, number: int) -> Request:
    word = ground.words[number % len(ground.words)]
    return Request("/search/?" + urlencode({"q": word}), target="palette-results")


def _board(ground: Ground, number: int) -> Request:
    return Request("/opportunity/board/")


def _create(ground: Ground, number: int) -> Request:
    data = {
        "name": f"Robin Bench {number}",
        "company": f"Bench Works {number}",
        "phone": f"+1212555{number % 10000:04}",
        "email": f"robin{number}@bench.example",
        "source": "website",
    }
    return Request("/lead/quick/", data, target="dialog")


def _convert(ground: Ground, number: int) -> Request:
    lead = ground.leads[number]
    data = {
        "organization": "new",
        "organization.name": lead["company"],
        "contact": "new",
        "contact.name": lead["name"],
        "contact.phone": lead["phone"],
        "contact.email": lead["email"],
        "opportunity": "new",
        "opportunity.name": f"{lead['company']} {number}",
        "opportunity.stage": "nurturing",
        "opportunity.amount": "12000",
    }
    return Request(f"/lead/{lead['pk']}/convert/", data)


def _home(ground: Ground, number: int) -> Request:
    return Request("/")


def _sums(ground: Ground) -> object:
    """What boards, home cards and `kariz query` ask, here of all opportunities that the person may see."""
    opportunity = registry.get("opportunity")
    found = records.visible(opportunity, ground.user)
    return summary.summarize(
        opportunity, found, group_by=("stage", "owner"), sums=("amount", "forecast_amount")
    )


def every() -> Iterator[Page | Call]:
    yield Page("list", "List page, filtered and sorted, 50 rows", 12, raw.rows_of_list, 200, _list)
    yield Page("record", "Record page of an opportunity", 12, raw.rows_of_record, 200, _record)
    yield Page("search", "Search by a fragment", 8, raw.rows_of_search, 200, _search)
    yield Page("board", "Board of all opportunities", 40, raw.rows_of_board, 100, _board)
    yield Page("create", "Create a lead", 9, raw.create, 100, _create)
    yield Page("convert", "Convert a lead", 35, raw.convert, 60, _convert)
    yield Call("sums", "Weighted sums by stage and owner", 25, raw.sums, 60, _sums)
    yield Page("home", "Home page, with sums by stage and owner", 25, raw.sums_of_month, 100, _home)
