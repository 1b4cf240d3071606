"""What the address of the results page asks for: a type, a period, a person, a product, and a breakdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kariz.core import conditions
from kariz.core.conditions import BadCondition
from kariz.core.fields import Field
from kariz.core.fieldtypes import FieldError
from kariz.core.fieldtypes.links import id_in
from kariz.core.registry import RecordType
from kariz.features.insights import subjects
from kariz.features.insights.subjects import CLOSED, OUTCOME

PERIODS = {
    "this_month": _("This month"),
    "last_month": _("Last month"),
    "this_quarter": _("This quarter"),
    "last_quarter": _("Last quarter"),
    "this_year": _("This year"),
    "last_year": _("Last year"),
    "this_fiscal_year": _("This fiscal year"),
    "all": _("All time"),
    "between": _("Between two days"),
}
FILTERS = ("owner", "product")
DECIDED = [OUTCOME, "one_of", ["won", "lost"]]


@dataclass(frozen=True)
class Asked:
    """`where` is the condition of the records asked about; `problem` says what is wrong with the days."""

    record_type: RecordType
    period: str
    first: str
    last: str
    filters: Mapping[str, int]
    split: Field
    where: dict[str, Any]
    problem: str = ""


def read(record_type: RecordType, sent: Mapping[str, str]) -> Asked:
    period = sent.get("period", "")
    period = period if period in PERIODS else "this_quarter"
    first, last = sent.get("from", "").strip(), sent.get("to", "").strip()
    filters = {
        name: pk for name in FILTERS if name in record_type.fields and (pk := id_in(sent.get(name, "")))
    }
    splits = subjects.splits(record_type)
    split = next((field for field in splits if field.name == sent.get("by")), splits[0])
    when, problem = _when(record_type, period, [first, last])
    narrowed = [[name, "is", pk] for name, pk in filters.items()]
    return Asked(
        record_type, period, first, last, filters, split, {"all": [DECIDED, *when, *narrowed]}, problem
    )


def _when(record_type: RecordType, period: str, days: Sequence[str]) -> tuple[list[Any], str]:
    """The condition on the closing day, and what is wrong with the days that were typed."""
    if period == "all":
        return [], ""
    if period != "between":
        return [[CLOSED, period]], ""
    try:
        return [conditions.parse_leaf(record_type, CLOSED, "between", list(days))], ""
    except (FieldError, BadCondition) as error:
        return [], str(error)
