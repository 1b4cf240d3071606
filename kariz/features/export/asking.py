"""The question what to export and how: what a person may choose, and what he has chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import paging
from kariz.core.registry import RecordType
from kariz.features.export import running
from kariz.features.export.formats import offered
from kariz.features.export.models import ExportRun
from kariz.features.export.orders import DELIMITERS, FORMS, SCOPES, VCARDS, Order
from kariz.web import inputs, listing, table
from kariz.web.listing import Listing

FIRST = {
    "format": "xlsx", "form": "reader", "fields": "view", "delimiter": "comma", "bom": "1", "vcard": "3.0",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A list, the records ticked in it, and whether it has pages."""

    listing: Listing
    ticked: list[int]
    has_pages: bool

    def order(self, chosen: dict[str, str]) -> Order:
        """Raises `KeyError` for what cannot be chosen."""
        scope, record_type = chosen["scope"], self.listing.record_type
        is_view = scope == "view"
        return Order(
            record_type=record_type.name,
            scope=scope,
            ids=self.ids(scope),
            where=self.listing.where if is_view else None,
            find=self.listing.find if is_view else "",
            sort=self.listing.sort,
            columns=[field.name for field in self.listing.columns] if chosen["fields"] == "view" else (),
            format=chosen["format"],
            form="iso" if chosen["format"] == "jsonl" else chosen["form"],
            delimiter=chosen["delimiter"],
            with_bom=bool(chosen["bom"]),
            vcard=chosen["vcard"],
        )

    def ids(self, scope: str) -> list[int]:
        """The records that are named one by one."""
        if scope != "page":
            return self.ticked if scope == "selected" else []
        asked = self.listing
        page = paging.page(
            asked.records(), asked.record_type, asked.sort,
            cursor=asked.cursor, size=table.PAGE_SIZE, columns={"owner_id"},
        )  # fmt: skip
        return [record.pk for record in page.records]


def read(request: HttpRequest, record_type: RecordType) -> Asked:
    has_pages = request.GET.get("screen") != "board"
    return Asked(listing.read(request, record_type), inputs.ticked(request.POST), has_pages)


def choices(request: HttpRequest, asked: Asked) -> dict[str, str]:
    """What was chosen in the form; before that what this person chose the last time, for a list as it is."""
    sent = request.POST
    if "run" in sent:
        return {name: sent.get(name, "") for name in ("scope", *FIRST)}
    return _before(asked.listing.user) | {"scope": _first_scope(request, asked)}


def _first_scope(request: HttpRequest, asked: Asked) -> str:
    if asked.ticked and not request.POST.get("all"):
        return "selected"
    return "view" if asked.listing.is_narrowed else "all"


def _before(user: User) -> dict[str, str]:
    run = ExportRun.objects.filter(user=user).order_by("-pk").first()
    if run is None:
        return FIRST
    order = run.asked
    return {
        "format": order.format, "form": order.form, "fields": "view" if order.columns else "all",
        "delimiter": order.delimiter, "bom": "1" if order.with_bom else "", "vcard": order.vcard,
    }  # fmt: skip


def errors(asked: Asked, chosen: dict[str, str]) -> list[str]:
    """What is wrong with the choice, for the person to read."""
    known = {
        "scope": SCOPES, "format": offered(asked.listing.record_type), "form": FORMS, "fields": ("view", "all"),
        "delimiter": DELIMITERS, "vcard": VCARDS,
    }  # fmt: skip
    if any(chosen[name] not in values for name, values in known.items()):
        return [_("Choose one of the ways that are offered.")]
    if chosen["scope"] == "selected" and not asked.ticked:
        return [_("Tick the records in the list first, or choose others.")]
    return [asked.listing.problem] if asked.listing.problem and chosen["scope"] == "view" else []


def scopes(asked: Asked, chosen: str) -> list[dict[str, Any]]:
    """The choices of records with their numbers."""
    record_type, user = asked.listing.record_type, asked.listing.user
    labels = {
        "selected": _("Export selected records"),
        "page": _("Export data on this page"),
        "view": _("Export this view, as it is filtered"),
        "all": _("Export all data"),
    }
    numbers: dict[str, tuple[int, bool]] = {"selected": (len(asked.ticked), False)}
    if asked.has_pages:
        numbers["page"] = len(asked.ids("page")), False
    if asked.listing.is_narrowed and not asked.listing.problem:
        numbers["view"] = paging.capped_count(asked.listing.records(), running.DIRECTLY)
    numbers["all"] = running.counted(Order(record_type.name), user)
    return [
        {
            "key": key,
            "label": labels[key],
            "number": _counted(*number),
            "is_chosen": key == chosen,
            "is_off": key == "selected" and not asked.ticked,
        }
        for key, number in numbers.items()
    ]


def _counted(number: int, is_more: bool) -> str:
    words = _("more than %(n)s records") if is_more else ngettext("%(n)s record", "%(n)s records", number)
    return words % {"n": locale.active().number(number)}
