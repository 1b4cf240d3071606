"""Keeping a way to look at a list: naming, sharing, pinning, opening with it, deleting."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kariz.core import conditions
from kariz.core.conditions import BadCondition
from kariz.core.registry import RecordType
from kariz.web import filters, listing, navigation, saved
from kariz.web.doors import for_readers
from kariz.web.listing import Listing
from kariz.web.models import SavedView


@for_readers
def save(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Keep what the list shows now as a new view."""
    asked = listing.read(request, record_type)
    view = SavedView(record_type=record_type.name, owner=asked.user)
    view.is_pinned = True
    layout = "board" if request.GET.get("page") == "board" else "list"
    action = asked.address("view_save", page=layout)
    if request.method != "POST":
        return _dialog(request, asked, view, heading=_("Save as a new view"), action=action)
    if not _named(request, view):
        return _dialog(request, asked, view, heading=_("Save as a new view"), action=action, is_wrong=True)
    _take(view, asked)
    view.layout = layout
    last = SavedView.objects.filter(record_type=record_type.name).aggregate(last=Max("position"))["last"]
    view.position = (last or 0) + 1
    return _kept(request, asked, view)


@for_readers
def change(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """Rename, share or delete a view of one's own; pin any view or open the list with it."""
    asked = listing.read(request, record_type)
    view = next((one for one in asked.views if one.pk == pk), None)
    if view is None:
        raise Http404
    is_mine = saved.may_change(view, asked.user)
    if request.method != "POST":
        return _change_dialog(request, asked, view)
    if request.POST.get("do") == "delete" and is_mine:
        view.delete()
        return navigation.go(request, listing.address_of(record_type))
    if is_mine and not _named(request, view):
        return _change_dialog(request, asked, view, is_wrong=True)
    if is_mine and request.POST.get("take"):
        _take(view, asked)
    return _kept(request, asked, view)


def _change_dialog(
    request: HttpRequest, asked: Listing, view: SavedView, *, is_wrong: bool = False
) -> HttpResponse:
    heading = _("Change this view") if saved.may_change(view, asked.user) else _("Pin this view")
    return _dialog(request, asked, view, heading=heading, action=request.get_full_path(), is_wrong=is_wrong)


def _named(request: HttpRequest, view: SavedView) -> bool:
    view.name = request.POST.get("name", "").strip()[:100]
    view.is_shared = bool(request.POST.get("is_shared"))
    return bool(view.name)


def _take(view: SavedView, asked: Listing) -> None:
    view.where = asked.where
    view.columns = [field.name for field in asked.columns]
    view.sort = asked.sort
    view.board_field = asked.given.get("by", "")


def _kept(request: HttpRequest, asked: Listing, view: SavedView) -> HttpResponse:
    if saved.may_change(view, asked.user):
        view.save()
    is_pinned, is_default = (bool(request.POST.get(name)) for name in ("is_pinned", "is_default"))
    saved.use(view, asked.user, is_pinned=is_pinned, is_default=is_default)
    return navigation.go(request, asked.bare(view.layout, view))


def _dialog(
    request: HttpRequest,
    asked: Listing,
    view: SavedView,
    *,
    heading: str,
    action: str,
    is_wrong: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "heading": heading,
        "action": action,
        "view": view,
        "error": _("Give the view a name.") if is_wrong else "",
        "may_change_view": saved.may_change(view, asked.user),
        "may_delete_view": bool(view.pk) and saved.may_change(view, asked.user),
        "is_changed": bool(view.pk) and asked.is_changed and view == asked.view,
        "sentence": _sentence(asked) if view == asked.view or not view.pk else "",
    }
    return render(request, "web/_view.html", context, status=422 if is_wrong else 200)


def _sentence(asked: Listing) -> str:
    try:
        return conditions.sentence(
            asked.record_type, asked.where, filters.named(asked.record_type, asked.where, asked.user)
        )
    except BadCondition as error:
        return str(error)
