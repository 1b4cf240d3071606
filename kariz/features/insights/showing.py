"""Results as the reader sees them: rows of texts, each figure a way to its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import choices, links
from kariz.core.fields import Field
from kariz.core.registry import RecordType
from kariz.core.summary import Group
from kariz.features.insights.figures import Figures
from kariz.features.insights.subjects import CLOSED, OUTCOME
from kariz.lib import calendars
from kariz.web import amounts
from kariz.web.home_cards import list_url

MOST_ROWS = 50


@dataclass(frozen=True)
class Row:
    """`share` is this row's revenue in permille of the largest."""

    label: str
    won: str
    lost: str
    rate: str
    revenue: str
    mean: str
    days: str
    share: int
    won_url: str
    lost_url: str


@dataclass(frozen=True)
class Stage:
    """What stands open in one stage; `share` is its count in permille of the largest."""

    label: str
    colour: str
    count: str
    sum: str
    share: int
    url: str


def row(label: str, found: Figures, largest: Decimal, record_type: RecordType, where: list[Any]) -> Row:
    ours = locale.active()
    revenue = max(found.revenue.values(), default=Decimal(0))
    return Row(
        label=label,
        won=ours.number(found.won),
        lost=ours.number(found.lost),
        rate=rate(found),
        revenue=amounts.told(found.revenue, compact=False),
        mean=amounts.told(found.mean_won, compact=False),
        days=days(found.days_to_win),
        share=int(1000 * revenue / largest) if largest > 0 else 0,
        won_url=list_url(record_type, {"all": [[OUTCOME, "is", "won"], *where]}),
        lost_url=list_url(record_type, {"all": [[OUTCOME, "is", "lost"], *where]}),
    )


def rate(found: Figures) -> str:
    return locale.active().percent(found.win_rate, 2) if found.win_rate is not None else ""


def days(mean: Decimal | None) -> str:
    return locale.active().number(mean, 2) if mean is not None else ""


def by_field(
    field: Field, split: Mapping[Any, Figures], record_type: RecordType, where: list[Any], user: User
) -> list[Row]:
    """One row for each value of the field, those that brought most first."""
    names = links.names_of({field.target: {key for key in split if key}}, user) if field.target else {}
    largest = _largest(split)
    ranked = sorted(split.items(), key=lambda pair: (-_revenue(pair[1]), -pair[1].won))
    return [
        row(_label(field, key, names), found, largest, record_type, [*where, _leaf(field, key)])
        for key, found in ranked[:MOST_ROWS]
    ]


def _label(field: Field, key: Any, names: links.Names) -> str:
    if key in (None, ""):
        return _("None")
    return names.get((field.target, key), f"#{key}") if field.target else field.show(field.type.load(key))


def _leaf(field: Field, key: Any) -> list[Any]:
    return [field.name, "empty"] if key in (None, "") else [field.name, "is", key]


def by_quarter(split: Mapping[Any, Figures], record_type: RecordType, where: list[Any]) -> list[Row]:
    """One row for each quarter of the reader's calendar, the earliest first."""
    largest = _largest(split)
    return [
        row(_quarter(day), found, largest, record_type, [*where, _in_quarter(day)])
        for day, found in sorted((day, found) for day, found in split.items() if day)
    ]


def _quarter(day: date) -> str:
    ours = locale.active()
    return calendars.quarter_label(day, ours.calendar, ours.language, ours.digits)


def _in_quarter(day: date) -> list[Any]:
    first, after = calendars.quarter_bounds(day, locale.active().calendar)
    return [CLOSED, "between", first.isoformat(), (after - timedelta(days=1)).isoformat()]


def by_stage(
    groups: Mapping[str, Group], amount: str, record_type: RecordType, where: list[Any]
) -> list[Stage]:
    """One row for each stage that holds something, in the order of the path."""
    most = max((group.count for group in groups.values()), default=1)
    stages = choices.of(record_type.name, record_type.path, hidden=True)
    known = {stage.key: stage for stage in stages if stage.key in groups}
    return [
        Stage(
            label=_(stage.label),
            colour=stage.colour,
            count=locale.active().number(groups[key].count),
            sum=amounts.told(groups[key].sums[amount], compact=False),
            share=1000 * groups[key].count // most,
            url=list_url(record_type, {"all": [*where, [record_type.path, "is", key]]}),
        )
        for key, stage in known.items()
    ]


def _revenue(found: Figures) -> Decimal:
    return max(found.revenue.values(), default=Decimal(0))


def _largest(split: Mapping[Any, Figures]) -> Decimal:
    return max(map(_revenue, split.values()), default=Decimal(0))
