"""The data-health page of a record type: what is wrong with how many records, and whose they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kariz import jobs
from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import access, links, measures, records
from kariz.core.conditions import Node
from kariz.core.fieldtypes.links import id_in
from kariz.core.measures import Measure
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType
from kariz.features.health import counting, fixing, subjects
from kariz.features.health.counting import Figures
from kariz.web import bulk, toasts
from kariz.web.bulk import Order
from kariz.web.doors import reader
from kariz.web.home_cards import Tile, list_url

MOST_ROWS = 100

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Number:
    text: str
    url: str = ""


NONE = Number("")


@dataclass(frozen=True)
class Row:
    """One person's numbers, by the label of their column."""

    label: str
    records: Number
    numbers: list[tuple[Any, Number]]
    completeness: str


def _for_readers(view: View) -> View:
    """A page about a record type that has a health; to those who may not read the type it is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, type_name: str) -> HttpResponse:
        for record_type in subjects.readable(reader(request)):
            if record_type.name == type_name:
                return view(request, record_type)
        raise Http404

    return guarded


def first(request: HttpRequest) -> HttpResponse:
    types = subjects.readable(reader(request))
    if not types:
        raise Http404
    return redirect("health:health", types[0].name)


@_for_readers
def health(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    user = reader(request)
    asked = measures.of(record_type)
    found = counting.by_owner(record_type, user, asked)
    whole = Figures(faults={measure.name: 0 for measure, _node in asked})
    for figures in found.values():
        whole.add(figures)
    may_fix = access.may(record_type, user, "edit")
    context = {
        "types": subjects.readable(user),
        "record_type": record_type,
        "measures": [measure for measure, _node in asked],
        "tiles": [_tile(record_type, measure, node, whole) for measure, node in asked],
        "total": locale.active().number(whole.records),
        "has_norm": bool(record_type.expected_fields) and "completeness" in record_type.all_fields,
        "completeness": _percent(whole),
        "rows": _rows(record_type, asked, found),
        "is_cut": len(found) > MOST_ROWS,
        "may_rewrite": may_fix and whole.faults.get("invalid_phone"),
        "people": _people() if may_fix and whole.faults.get("inactive_owner") else [],
    }
    return render(request, "health/health.html", context)


def _tile(record_type: RecordType, measure: Measure, node: Node, whole: Figures) -> Tile:
    ours, count = locale.active(), whole.faults[measure.name]
    share = ours.percent(round(100 * count / whole.records)) if count else ""
    note = _("%(share)s of all") % {"share": share} if count else _("In order")
    tone, icon = ("", "") if count else ("good", "check")
    url = list_url(record_type, counting.where(record_type, node))
    return Tile(measure.label, ours.number(count), url, note, tone, icon)


def _percent(figures: Figures) -> str:
    return locale.active().percent(round(figures.mean_completeness))


def _rows(
    record_type: RecordType, asked: list[tuple[Measure, Node]], found: Mapping[int | None, Figures]
) -> list[Row]:
    """One row for each person, those with most to do first."""
    ranked = sorted(found.items(), key=lambda pair: (-pair[1].worst, -pair[1].records, pair[0] or 0))
    names = links.names_of({"user": {owner for owner, _figures in ranked[:MOST_ROWS] if owner}}, None)
    return [
        _row(record_type, asked, owner, figures, names.get(("user", owner or 0), _("Nobody")))
        for owner, figures in ranked[:MOST_ROWS]
    ]


def _row(
    record_type: RecordType,
    asked: list[tuple[Measure, Node]],
    owner: int | None,
    figures: Figures,
    label: str,
) -> Row:
    mine = ["owner", "is", owner] if owner else ["owner", "empty"]

    def number(count: int, *nodes: Node) -> Number:
        text = locale.active().number(count)
        return Number(text, list_url(record_type, counting.where(record_type, *nodes, mine)))

    counted = [(measure, node, figures.faults[measure.name]) for measure, node in asked]
    numbers = [(measure.label, number(count, node) if count else NONE) for measure, node, count in counted]
    return Row(label, number(figures.records), numbers, _percent(figures))


def _people() -> list[User]:
    return list(User.objects.filter(is_active=True).order_by("name", "username"))


@_for_readers
@require_POST
def phones(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Write the phone numbers that can be read as Kariz writes them."""
    return _fix(request, record_type, "invalid_phone", fixing.PHONES, {})


@_for_readers
@require_POST
def hand_over(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Give the records of inactive people to somebody."""
    owner = User.objects.filter(pk=id_in(request.POST.get("owner", "")) or 0, is_active=True).first()
    if owner is None:
        return toasts.tell(request, _back(record_type), _("Choose who is to be responsible."), level=30)
    return _fix(request, record_type, "inactive_owner", "edit", {"owner": owner.pk})


def _fix(
    request: HttpRequest, record_type: RecordType, fault: str, do: str, values: dict[str, Any]
) -> HttpResponse:
    """Do it at once, or by a job where there are many; then the page again, with a toast and Undo."""
    node = next((node for measure, node in measures.of(record_type) if measure.name == fault), None)
    if node is None:
        raise Http404
    user = reader(request)
    ids = fixing.ids(record_type, user, counting.where(record_type, node))
    batch = records.batch_of("bulk_edit", user, str(_label(record_type, fault)))
    order = Order(record_type.name, do, user.pk, batch.pk, ids, values)
    if len(ids) > bulk.DIRECTLY:
        jobs.enqueue("change_many", **{"user": user, **asdict(order)})
        return toasts.tell(
            request,
            _back(record_type),
            _("It is done in the background; a notice tells you when it is done."),
        )
    outcome = bulk.carry_out(order)
    text = ngettext("%(n)s record changed.", "%(n)s records changed.", outcome.done)
    text %= {"n": locale.active().number(outcome.done)}
    if outcome.left_count:
        left = ngettext(
            "%(n)s record was left as it is.", "%(n)s records were left as they are.", outcome.left_count
        )
        text = f"{text} {left % {'n': locale.active().number(outcome.left_count)}} {outcome.left[0][2]}"
    done = ChangeBatch.objects.filter(pk=batch.pk).first() if outcome.done else None
    if done is None:
        batch.delete()
    return toasts.tell(request, _back(record_type), text, batch=done)


def _label(record_type: RecordType, fault: str) -> Any:
    return next(measure.label for measure, _node in measures.of(record_type) if measure.name == fault)


def _back(record_type: RecordType) -> HttpResponse:
    return redirect(reverse("health:health", args=[record_type.name]))
