"""The results page: what was won and lost in a period, by whom, of what, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import links, records, summary
from kariz.core.links import Unseen
from kariz.core.summary import Group
from kariz.features.insights import asking, figures, showing, subjects
from kariz.features.insights.asking import FILTERS, PERIODS, Asked
from kariz.features.insights.subjects import CLOSED, DAYS, OUTCOME
from kariz.web import amounts
from kariz.web.doors import reader


def results(request: HttpRequest) -> HttpResponse:
    """Every figure is of the records that the person may see."""
    types = subjects.readable(reader(request))
    if not types:
        raise Http404
    chosen = next((one for one in types if one.name == request.GET.get("type")), types[0])
    asked = asking.read(chosen, request.GET.dict())
    amount = subjects.amount(chosen).name
    by_split = figures.split(_groups(request, asked, [asked.split.name, OUTCOME]), amount)
    by_quarter = figures.split(_groups(request, asked, [f"{CLOSED}:quarter", OUTCOME]), amount)
    where = asked.where["all"][1:]
    context = {
        "types": types,
        "asked": asked,
        "amount": subjects.amount(chosen),
        "splits": subjects.splits(chosen),
        "periods": PERIODS.items(),
        "filters": _filters(request, asked),
        **_whole(figures.whole(_groups(request, asked, [OUTCOME]), amount)),
        "tables": [
            (asked.split.label, showing.by_field(asked.split, by_split, chosen, where, reader(request))),
            (_("Quarter"), showing.by_quarter(by_quarter, chosen, where)),
        ],
        "stages": _stages(request, asked),
    }
    return render(request, "insights/results.html", context, status=422 if asked.problem else 200)


def _groups(request: HttpRequest, asked: Asked, group_by: Sequence[str]) -> list[Group]:
    found = records.visible(asked.record_type, reader(request), where=asked.where)
    sums = [subjects.amount(asked.record_type).name, DAYS]
    return summary.summarize(asked.record_type, found, group_by=group_by, sums=sums)


def _whole(found: figures.Figures) -> dict[str, Any]:
    ours = locale.active()
    return {
        "won": ours.number(found.won),
        "lost": ours.number(found.lost),
        "rate": showing.rate(found),
        "revenue": amounts.told(found.revenue, compact=False),
        "mean": amounts.told(found.mean_won, compact=False),
        "days_to_win": showing.days(found.days_to_win),
        "days_to_lose": showing.days(found.days_to_lose),
    }


def _stages(request: HttpRequest, asked: Asked) -> list[showing.Stage]:
    """What is still open, whatever the period."""
    narrowed = [leaf for leaf in asked.where["all"] if leaf[0] in FILTERS]
    where = {"all": [[OUTCOME, "empty"], *narrowed]}
    found = records.visible(asked.record_type, reader(request), where=where)
    amount = subjects.amount(asked.record_type).name
    groups = summary.summarize(asked.record_type, found, group_by=[asked.record_type.path], sums=[amount])
    return showing.by_stage(
        {group.keys[0]: group for group in groups}, amount, asked.record_type, where["all"]
    )


def _filters(request: HttpRequest, asked: Asked) -> list[dict[str, Any]]:
    """For each filter the records that occur, by name."""
    found = []
    for name in (name for name in FILTERS if name in asked.record_type.fields):
        field = asked.record_type.fields[name]
        visible = records.visible(asked.record_type, reader(request))
        ids = set(visible.order_by().values_list(field.attribute, flat=True).distinct()) - {None}
        named = links.names_of({field.target: ids}, reader(request))
        options = sorted(
            (title, pk) for (_target, pk), title in named.items() if not isinstance(title, Unseen)
        )
        found.append({"field": field, "options": options, "chosen": asked.filters.get(name)})
    return found
