"""A portrait of a set of records: what most of them have in common, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, QuerySet
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import choices, conditions, records, registry
from kariz.core.conditions import BadCondition
from kariz.core.fields import Field
from kariz.core.registry import RecordType
from kariz.core.summary import Group, summarize
from kariz.web import filters
from kariz.web.listing import address_of, written

# Texts that people have in common; every choice field is a trait by itself.
TEXTS = ("job_title", "city", "state", "country")
# Numbers whose mean says nothing.
NO_MEANS = {"year_established"}
MOST_VALUES = 5


@dataclass(frozen=True)
class Share:
    """How many have one value, as a number, in percent, and in thousandths for the bar."""

    label: str
    count: str
    percent: str
    thousandths: int
    url: str
    colour: str = ""


@dataclass(frozen=True)
class Trait:
    label: Any
    shares: list[Share]


@dataclass(frozen=True)
class Portrait:
    """Of the records that fit a condition and that the reader may see; `sentence` tells who is meant."""

    sentence: str
    count: str
    url: str
    traits: list[Trait]
    means: list[tuple[Any, str]]


def of(record_type: RecordType, where: Any, user: User) -> Portrait:
    """One statement for each trait, however many records there are; nobody where `where` can be asked no more."""
    try:
        sentence = conditions.sentence(record_type, where, filters.named(record_type, where, user))
        found = records.visible(record_type, user, where=where)
    except BadCondition:
        sentence = _("A condition that cannot be asked any more")
        found = records.visible(record_type, user).none()
    total = found.order_by().count()
    return Portrait(
        sentence=sentence,
        count=locale.active().number(total),
        url=address_of(record_type, {"where": written(where)}),
        traits=list(_traits(record_type, found, where, total)) if total else [],
        means=_means(record_type, found) if total else [],
    )


def _traits(record_type: RecordType, found: QuerySet[Any], where: Any, total: int) -> Iterator[Trait]:
    for field in record_type.fields.values():
        if field.type.name == "choice" or field.name in TEXTS:
            groups = [
                group for group in summarize(record_type, found, group_by=[field.name]) if group.keys[0]
            ]
            groups.sort(key=lambda group: (-group.count, group.keys))
            if groups:
                yield Trait(
                    field.label, [_share(field, group, where, total) for group in groups[:MOST_VALUES]]
                )


def _share(field: Field, group: Group, where: Any, total: int) -> Share:
    key, ours = group.keys[0], locale.active()
    choice = choices.find(field.record_type, field.name, key) if field.type.name == "choice" else None
    also = {"all": [*([where] if where else []), [field.name, "is", key]]}
    return Share(
        label=field.show(key),
        count=ours.number(group.count),
        percent=ours.percent(Decimal(100 * group.count) / total, 0),
        thousandths=1000 * group.count // total,
        url=address_of(registry.get(field.record_type), {"where": written(also)}),
        colour=choice.colour if choice else "",
    )


def _means(record_type: RecordType, found: QuerySet[Any]) -> list[tuple[Any, str]]:
    """The mean of each number that somebody has typed."""
    fields = [
        one
        for one in record_type.fields.values()
        if one.type.name == "number" and not one.is_readonly and one.name not in NO_MEANS
    ]
    if not fields:
        return []
    means = found.order_by().aggregate(**{f"mean_{one.name}": Avg(one.expression) for one in fields})
    told = ((one, means[f"mean_{one.name}"]) for one in fields)
    return [
        (one.label, locale.active().number(Decimal(str(mean)), 0)) for one, mean in told if mean is not None
    ]
