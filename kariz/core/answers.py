"""What was asked of the records as rows of plain values, linked records by name: for commands and files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from kariz.core import links, records
from kariz.core.summary import PERIODS, Group, summarize

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

Row = dict[str, Any]


class Unanswerable(ValueError):
    """The question names a field that is not there, or asks of it what it cannot give."""


def listed(
    record_type: RecordType,
    user: User | None,
    *,
    columns: Sequence[str] = (),
    limit: int | None = None,
    **narrow: Any,
) -> list[Row]:
    """One row per record; `narrow` is what `records.visible` takes. Raises `Unanswerable` and `BadCondition`."""
    fields = [_known(record_type, name) for name in columns or record_type.columns]
    found = list(islice(records.visible(record_type, user, **narrow).iterator(chunk_size=2000), limit))
    links.load(record_type, found, [field.name for field in fields])
    names = links.names(fields, found, user)
    return [
        {"id": one.pk} | {field.name: _plain(field, field.get(one), names) for field in fields}
        for one in found
    ]


def grouped(
    record_type: RecordType,
    user: User | None,
    *,
    group_by: Sequence[str],
    sums: Sequence[str],
    limit: int | None = None,
    **narrow: Any,
) -> list[Row]:
    """One row per group, the largest first. Raises `Unanswerable` and `BadCondition`."""
    fields = [_groupable(record_type, wanted) for wanted in group_by]
    summed = [_summable(record_type, name) for name in sums]
    groups = summarize(
        record_type, records.visible(record_type, user, **narrow), group_by=group_by, sums=sums
    )
    names = _names(fields, groups, user)
    rows = [
        {
            wanted: _plain(field, key, names)
            for wanted, field, key in zip(group_by, fields, group.keys, strict=True)
        }
        | {"count": group.count}
        | {field.name: _total(field, group) for field in summed}
        for group in groups
    ]
    rows.sort(key=lambda row: (-row["count"], [str(row[wanted]) for wanted in group_by]))
    return rows[:limit]


def _known(record_type: RecordType, name: str) -> Field:
    field = record_type.all_fields.get(name)
    if field is None:
        known = ", ".join(record_type.all_fields)
        raise Unanswerable(f"There is no field “{name}”. Fields: {known}.")
    return field


def _groupable(record_type: RecordType, wanted: str) -> Field:
    name, _colon, period = wanted.partition(":")
    field = _known(record_type, name)
    is_dated = field.type.name in ("date", "moment")
    if period not in (PERIODS if is_dated else {""}) or not (is_dated or field.type.is_groupable):
        ways = " or ".join(f"{name}:{one}" for one in sorted(PERIODS))
        raise Unanswerable(f"Group by {ways}." if is_dated else f"Records cannot be grouped by “{wanted}”.")
    return field


def _summable(record_type: RecordType, name: str) -> Field:
    field = _known(record_type, name)
    if not field.type.is_number:
        raise Unanswerable(f"“{name}” is no number and cannot be summed.")
    return field


def _names(fields: Sequence[Field], groups: Iterable[Group], user: User | None) -> links.Names:
    wanted: dict[str, set[int]] = {field.target: set() for field in fields if field.target}
    for group in groups:
        for field, key in zip(fields, group.keys, strict=True):
            if field.target and key is not None:
                wanted[field.target].add(key)
    return links.names_of(wanted, user)


def _plain(field: Field, value: Any, names: links.Names) -> Any:
    """A value as JSON has it: numbers as numbers, linked records by their names, choices by their keys."""
    if field.target and isinstance(value, list):
        return [names.get((field.target, pk), f"#{pk}") for pk in value]
    if field.target:
        return names.get((field.target, value), f"#{value}") if value else None
    if field.type.is_number:
        return None if value is None else _number(value)
    return field.type.store(value)


def _total(field: Field, group: Group) -> Any:
    """The sum of a number; of money a sum for each currency, since currencies do not add up."""
    sums = group.sums[field.name]
    if field.type.name == "money":
        return {currency: _number(amount) for currency, amount in sorted(sums.items())}
    return _number(sum(sums.values(), Decimal(0)))


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)
