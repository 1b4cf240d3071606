"""What stands around the records of a list or a board: views, filter, tools and menus."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from kariz.core import access
from kariz.web import filters, saved, slots
from kariz.web.listing import Listing, with_query
from kariz.web.models import SavedView

# What makes a link swap the inside of the page; every link has its `href` as well.
SWAP = mark_safe('hx-target="#main" hx-swap="innerHTML" hx-push-url="true"')


def context(request: HttpRequest, listing: Listing, page: str) -> dict[str, Any]:
    record_type, user = listing.record_type, listing.user

    def told(entry: dict[str, Any]) -> dict[str, Any]:
        place = {"cursor": listing.cursor, "screen": "" if page == "list" else page}
        return entry | {"url": listing.beside(entry["url"], **place)}

    return {
        "listing": listing,
        "record_type": record_type,
        "page": page,
        "swap": SWAP,
        "view": listing.view,
        "tabs": [
            _tab(listing, view, page) for view in listing.views if view.is_pinned or view == listing.view
        ],
        "others": [
            _tab(listing, view, page) for view in listing.views if not view.is_pinned and view != listing.view
        ],
        "may_change_view": saved.may_change(listing.view, user),
        "chips": filters.chips(listing),
        "here_url": listing.address(page, cursor=listing.cursor),
        "filter_url": listing.address("condition", page=page),
        "clear_url": listing.address(page, where="{}", q=""),
        "list_url": listing.address("list"),
        "board_url": listing.address("board") if record_type.board else "",
        "bare_url": reverse(f"web:{page}", args=[record_type]),
        "columns_url": listing.address("columns"),
        "view_url": with_query(
            reverse("web:view_change", args=[record_type, listing.view.pk]), listing.given
        ),
        "views_url": listing.address("view_save", page=page),
        "bulk_url": listing.address("bulk"),
        "bulk_entries": [told(entry) for entry in slots.of("bulk", request, record_type)],
        "count_url": listing.address("count"),
        "may_create": access.may(record_type, user, "create"),
        "add_label": _("Add %(type)s") % {"type": record_type.label},
        "gear": slots.of("gear", request, record_type) if user.is_administrator else [],
        "list_actions": [
            told(entry) if entry["knows_list"] else entry
            for entry in slots.of("list_actions", request, record_type)
        ],
    }


def _tab(listing: Listing, view: SavedView, page: str) -> dict[str, Any]:
    """A view opens in its own layout, without what was changed on top of another."""
    layout = view.layout if view.layout == "list" or listing.record_type.board else "list"
    return {
        "view": view,
        "label": view.label,
        "url": listing.bare(layout, view),
        "is_current": view == listing.view,
    }
