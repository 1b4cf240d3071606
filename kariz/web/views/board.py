"""The board of a record type, and a column's further cards."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kariz.core.registry import RecordType
from kariz.lib.keyset import BadCursor
from kariz.web import boards, cards, frame, listing, navigation
from kariz.web.boards import Board, Column
from kariz.web.doors import for_readers
from kariz.web.views.moving import move

__all__ = ["board", "column", "move"]


@for_readers
def board(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    asked = listing.read(request, record_type)
    shown = boards.board_of(asked)
    if shown is None:
        return redirect("web:list", record_type)
    columns = shown.columns()
    context = frame.context(request, asked, "board") | _context(shown, columns)
    fragment = (
        "web/_board_refresh.html"
        if request.headers.get("HX-Target") == "board-refresh"
        else "web/_board.html"
    )
    return render(request, navigation.template(request, "web/board.html", fragment), context)


def _context(shown: Board, columns: list[Column]) -> dict[str, Any]:
    drawn = cards.cards(shown, columns)
    address = shown.listing.address
    return {
        "board": shown,
        "columns": [
            {"column": one, "cards": drawn[one.key], "more_url": _more(shown, one)} for one in columns
        ],
        "groups": [
            {
                "label": _(one.label),
                "url": address("board", group=one.key),
                "is_current": one.key == shown.group,
            }
            for one in shown.groups
        ],
        "fields": [
            {
                "label": one.label,
                "url": address("board", by=one.name, group=""),
                "is_current": one == shown.field,
            }
            for one in boards.offered(shown.record_type)
        ],
        "move_url": listing.with_query(
            reverse("web:move", args=[shown.record_type, 0]),
            {**shown.listing.given, "field": shown.field.name},
        ),
    }


def _more(shown: Board, column: Column) -> str:
    if not column.has_more:
        return ""
    return shown.listing.address("board_column", column=column.name, cursor=column.end)


@for_readers
def column(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The next cards of one column, and the link to those after them."""
    shown = boards.board_of(listing.read(request, record_type))
    if shown is None:
        raise Http404
    try:
        found = shown.column(request.GET.get("column", ""), request.GET.get("cursor", ""))
    except BadCursor:
        raise Http404 from None
    context = {"cards": cards.cards(shown, [found])[found.key], "more_url": _more(shown, found)}
    return render(request, "web/_cards.html", context)
