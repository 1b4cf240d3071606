"""Rows that belong to a record by its type and id: comments, visits. They go where a merge takes their record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db.models import BigIntegerField, Case, F, Model, Q, QuerySet, Value, When
from django.utils.functional import Promise

from kariz.core.models import MergedRecord

AT_ONCE = 500


@dataclass(frozen=True)
class Attached:
    """A model with the columns `record_type` and `record_id`. `label` is the plural that people read, if they do.

    A record has one row for each value of the columns `one_per`; of several that meet, the primary's stays.
    """

    model: type[Model]
    label: str | Promise = ""
    one_per: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    def rows(self, record_type: str, ids: Iterable[int]) -> QuerySet[Any]:
        return self.model._default_manager.filter(record_type=record_type, record_id__in=ids)


_attached: dict[str, Attached] = {}


def attach(model: type[Model], *, label: str | Promise = "", one_per: Sequence[str] = ()) -> None:
    """Let rows of `model` move along when their record is merged into another, and back when that is undone."""
    one = Attached(model, label, tuple(one_per))
    _attached[one.name] = one


def every() -> list[Attached]:
    return list(_attached.values())


Moved = dict[int, dict[str, dict[str, list[Any]]]]


def move(record_type: str, into: Mapping[int, int]) -> Moved:
    """Move the rows of each record to the one that `into` names; what was moved, as `MergedRecord.moved` keeps it."""
    moved: Moved = defaultdict(dict)
    for one in _attached.values():
        dropped = _drop_doubles(one, record_type, into)
        kept: dict[int, list[Any]] = defaultdict(list)
        for pk, record_id in one.rows(record_type, into).order_by("pk").values_list("pk", "record_id"):
            kept[record_id].append(_as_json(pk))
        for record_id in kept.keys() | dropped.keys():
            moved[record_id][one.name] = {"ids": kept[record_id], "dropped": dropped[record_id]}
        if kept:
            goals = [When(record_id=old, then=Value(into[old])) for old in kept]
            one.rows(record_type, kept).update(record_id=Case(*goals, output_field=BigIntegerField()))
    return moved


def _drop_doubles(one: Attached, record_type: str, into: Mapping[int, int]) -> dict[int, list[Any]]:
    """Delete the rows for which there is no room beside the primary's; record → their values."""
    dropped: dict[int, list[Any]] = defaultdict(list)
    if not one.one_per:
        return dropped
    primaries = set(into.values())
    found = list(one.rows(record_type, [*primaries, *into]).order_by("pk"))
    found.sort(key=lambda row: row.record_id not in primaries)
    taken: set[tuple[Any, ...]] = set()
    doomed = []
    for row in found:
        place = (
            into.get(row.record_id, row.record_id),
            *(row.serializable_value(name) for name in one.one_per),
        )
        if place in taken:
            doomed.append(row.pk)
            dropped[row.record_id].append(_written(row))
        taken.add(place)
    one.model._default_manager.filter(pk__in=doomed).delete()
    return dropped


def _written(row: Model) -> dict[str, Any]:
    """Every column as JSON, in full precision."""
    return {column.attname: _as_json(getattr(row, column.attname)) for column in row._meta.concrete_fields}


def _as_json(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _read(model: type[Model], values: Mapping[str, Any]) -> Model:
    known = {column.attname: column for column in model._meta.concrete_fields}
    return model(**{name: known[name].to_python(value) for name, value in values.items() if name in known})


def move_back(merged: Sequence[MergedRecord]) -> None:
    """Undo `move`. Rows that have gone elsewhere since stay there."""
    for one in _attached.values():
        goals: list[When] = []
        ids: list[Any] = []
        dropped: list[Model] = []
        for record, told in _told(merged, one.name):
            if told["ids"]:
                ids += told["ids"]
                is_there = Q(pk__in=told["ids"], record_id=record.into_id)
                goals.append(When(is_there, then=Value(record.record_id)))
            dropped += [_read(one.model, values) for values in told["dropped"]]
        if ids:
            one.model._default_manager.filter(pk__in=ids).update(
                record_id=Case(*goals, default=F("record_id"), output_field=BigIntegerField())
            )
        if dropped:
            one.model._default_manager.bulk_create(dropped, ignore_conflicts=True)


def _told(merged: Iterable[MergedRecord], name: str) -> Iterator[tuple[MergedRecord, dict[str, list[Any]]]]:
    for record in merged:
        if name in record.moved:
            yield record, record.moved[name]
