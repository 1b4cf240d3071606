"""Saved views: those that record types ship and those that people keep, and how each person uses them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kariz.accounts.models import User
from kariz.core import conditions, registry
from kariz.core.registry import RecordType, View
from kariz.lib.prepared import Prepared
from kariz.web.models import SavedView, ViewUse

SHIPPED_TABS = 4
EVERYTHING = View("all", _("All"))


@transaction.atomic
def seed(**_: Any) -> None:
    """Store the views that record types ship as they ship them; people keep copies, never change these."""
    for record_type in registry.every():
        _seed(record_type)


def _seed(record_type: RecordType) -> None:
    shipped = record_type.views or (EVERYTHING,)
    for position, view in enumerate(shipped):
        SavedView.objects.update_or_create(
            record_type=record_type.name,
            key=view.key,
            owner=None,
            defaults=_stored(record_type, view, position),
        )
    stored = SavedView.objects.filter(record_type=record_type.name, owner=None)
    stored.exclude(key__in=[view.key for view in shipped]).delete()


def _stored(record_type: RecordType, view: View, position: int) -> dict[str, Any]:
    with translation.override("en"):
        name = str(view.label)
    return {
        "name": name,
        "is_shared": True,
        "where": dict(view.where) if view.where else None,
        "columns": list(view.columns),
        "sort": view.sort,
        "layout": view.layout,
        "board_field": record_type.board if view.layout == "board" else "",
        "position": position,
    }


def offered(record_type: RecordType, user: User) -> list[SavedView]:
    """The views this person may choose from, each with how he uses it (`is_pinned`, `is_opening`, `own_columns`)."""
    found = _used(record_type, user)
    if not found:  # a type that was declared since the last migration
        _seed(record_type)
        found = _used(record_type, user)
    if record_type.narrowed:  # a view that asks for what is hidden from the person is none for him
        found = [view for view in found if conditions.may_ask(record_type, view.where)]
    return found


def _used(record_type: RecordType, user: User) -> list[SavedView]:
    return [_with_use(*row) for row in _USED.rows(user.pk, record_type.name)]


def _with_use(is_pinned: bool | None, is_opening: bool | None, columns: Any, *values: Any) -> SavedView:
    view = SavedView.from_db("default", VIEW, values)
    view.is_pinned = _is_tab(view) if is_pinned is None else is_pinned
    view.is_opening = bool(is_opening)
    view.own_columns = columns or []
    return view


def _uses(user: Any, record_type: Any) -> QuerySet[Any, Any]:
    mine = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True), record_type=record_type)
    used = mine.annotate(use=FilteredRelation("uses", condition=Q(uses__user=user)))
    return used.values_list("use__is_pinned", "use__is_default", "use__columns", *VIEW)


VIEW = [field.attname for field in SavedView._meta.concrete_fields]
_USED = Prepared(_uses)


def _is_tab(view: SavedView) -> bool:
    """The first views that a type ships stand as tabs until a person says otherwise."""
    return bool(view.key) and view.position < SHIPPED_TABS


def may_change(view: SavedView, user: User) -> bool:
    """Shipped views stay as they are; a shared one is changed by its owner or an administrator."""
    return not view.key and (view.owner_id == user.pk or user.is_administrator)


@transaction.atomic
def use(view: SavedView, user: User, **values: Any) -> None:
    """Keep how `user` uses `view`; only one view of a type can be the one its list opens with."""
    if values.get("is_default"):
        ViewUse.objects.filter(user=user, view__record_type=view.record_type).update(is_default=False)
    ViewUse.objects.update_or_create(
        user=user, view=view, defaults=values, create_defaults={"is_pinned": _is_tab(view)} | values
    )
