"""Finding records of every type, and jumping to places: a page, and what the palette shows while one types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kariz.core import registry
from kariz.core import search as core_search
from kariz.core.models import SearchRow
from kariz.web import jumps, visits
from kariz.web.doors import reader
from kariz.web.listing import record_address
from kariz.web.marks import marked

IN_PALETTE = 12
ON_PAGE = 60


@dataclass(frozen=True)
class Result:
    name: SafeString | str
    icon: str
    url: str
    note: str = ""
    quick: str = ""


@dataclass(frozen=True)
class Section:
    heading: str
    results: list[Result]


def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    in_palette = request.headers.get("HX-Target") == "palette-results"
    sections = _found(request, text, IN_PALETTE if in_palette else ON_PAGE) if text else _suggested(request)
    context = {
        "text": text,
        "sections": [section for section in sections if section.results],
        "is_too_short": 0 < len(text) < core_search.SHORTEST,
    }
    return render(request, "web/_palette_results.html" if in_palette else "web/search.html", context)


def _found(request: HttpRequest, text: str, most: int) -> list[Section]:
    rows = core_search.everywhere(text, reader(request), limit=most)
    by_type: dict[str, list[Result]] = {}
    for row in rows:
        by_type.setdefault(row.record_type, []).append(_result(row, text))
    records = [Section(str(registry.get(name).plural), results) for name, results in by_type.items()]
    return [*records, Section(_("Go to"), [_place(jump, text) for jump in jumps.matching(request, text)])]


def _result(row: SearchRow, text: str) -> Result:
    url = record_address(row.record_type, row.record_id)
    return Result(marked(row.title, text), registry.get(row.record_type).icon, url, row.subtitle)


def _place(jump: jumps.Jump, text: str = "") -> Result:
    return Result(marked(jump.label, text), jump.icon, jump.url, jump.note, jump.quick)


def _suggested(request: HttpRequest) -> list[Section]:
    """Before anything is typed: what was opened last, and where one can go."""
    return [
        Section(_("Pinned"), _visited(visits.pinned(request))),
        Section(_("Recent"), _visited(visits.recent(request))),
        Section(_("Go to"), [_place(jump) for jump in jumps.places(request)]),
    ]


def _visited(found: Iterable[Any]) -> list[Result]:
    return [Result(one.label, one.icon, one.url, str(one.record_type.label)) for one in found]
