"""Counts and sums of records by the values of their fields: a pipeline in figures, in one request."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import conditions, schemas
from kariz.api.endpoints import Answer, Call, Parameter, endpoint
from kariz.api.problems import bad_query
from kariz.api.resources.records import FIND, WHERE
from kariz.core import access, records, summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kariz.core.fields import Field
    from kariz.core.registry import RecordType
    from kariz.core.summary import Group

MOST_FIELDS = 3
GROUP = schemas.shape(
    {
        "keys": {"type": "object"},
        "count": schemas.NUMBER,
        "sums": {"type": "object", "additionalProperties": {"type": ["string", "object"]}},
    }
)
GROUP_BY = Parameter(
    "group_by",
    schemas.array(schemas.TEXT, maxItems=MOST_FIELDS),
    gettext_lazy("The fields by whose values to count; dates by period, such as close_on:month."),
)
SUM = Parameter("sum", schemas.array(schemas.TEXT, maxItems=MOST_FIELDS), gettext_lazy("The numbers to sum."))
LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": 1_000, "default": 100},
    gettext_lazy("How many at most."),
)


@endpoint(
    "GET", "{type}/summary",
    summary=gettext_lazy("Count and sum records"),
    about=gettext_lazy("The largest groups first. Amounts are summed by currency, never across currencies."),
    verb="read", query=(GROUP_BY, SUM, WHERE, FIND, LIMIT), takes_others=True,
    result=schemas.shape({"items": schemas.array(GROUP), "has_more": schemas.YES_NO}),
)  # fmt: skip
def summarize_records(call: Call, record_type: RecordType) -> Answer:
    asked = call.query
    readable = access.readable(record_type, call.user)
    by = {wanted: _groupable(readable, wanted) for wanted in asked.get("group_by", ())}
    sums = {name: _summable(readable, name) for name in asked.get("sum", ())}
    found = records.visible(
        record_type,
        call.user,
        where=conditions.asked(call, record_type),
        find=asked.get("q", "").strip(),
    )
    groups = summary.summarize(record_type, found, group_by=list(by), sums=list(sums))
    rows = [_row(one, by, sums) for one in groups]
    rows.sort(key=lambda row: (-row["count"], [str(key) for key in row["keys"].values()]))
    return Answer({"items": rows[: asked["limit"]], "has_more": len(rows) > asked["limit"]})


def _groupable(readable: Mapping[str, Field], wanted: str) -> Field:
    name, _colon, period = wanted.partition(":")
    field = readable.get(name)
    if field is None:
        raise bad_query("group_by", _("There is no field “%(name)s”.") % {"name": name})
    is_dated = field.type.name in ("date", "moment")
    periods = summary.PERIODS if is_dated else {""}
    if period not in periods or not (is_dated or field.type.is_groupable):
        raise bad_query("group_by", _("Records cannot be grouped by “%(name)s”.") % {"name": wanted})
    return field


def _summable(readable: Mapping[str, Field], name: str) -> Field:
    field = readable.get(name)
    if field is None:
        raise bad_query("sum", _("There is no field “%(name)s”.") % {"name": name})
    if not field.type.is_number:
        raise bad_query("sum", _("“%(name)s” is no number and cannot be summed.") % {"name": name})
    return field


def _row(group: Group, by: Mapping[str, Field], sums: Mapping[str, Field]) -> dict[str, Any]:
    keys = {wanted: _key(field, key) for (wanted, field), key in zip(by.items(), group.keys, strict=True)}
    return {
        "keys": keys,
        "count": group.count,
        "sums": {name: _total(field, group) for name, field in sums.items()},
    }


def _key(field: Field, key: Any) -> Any:
    if field.type.name == "yes_no":
        return bool(key)
    return key.isoformat() if isinstance(key, date) else key


def _total(field: Field, group: Group) -> Any:
    """The sum as a text; of amounts one for each currency."""
    sums = group.sums[field.name]
    if field.type.name == "money":
        return {currency: field.type.store(amount) for currency, amount in sorted(sums.items())}
    return field.type.store(sum(sums.values(), Decimal(0)))
