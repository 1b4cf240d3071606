"""JSON as the dataclasses of `answers`; what a newer Kariz says beyond them is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def read(kind: type[T], row: Mapping[str, Any], **known: Any) -> T:
    """`row` as `kind`; `known` is what the answer itself does not say."""
    shape: Any = kind
    hints = _hints(shape)
    given = {**row, **known}
    return kind(**{name: _value(hint, given[name]) for name, hint in hints.items() if name in given})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}


def _value(hint: Any, value: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if value is None or isinstance(value, datetime):
        return value
    if origin is UnionType:
        return _value(next(one for one in inner if one is not type(None)), value)
    if origin is tuple:
        return tuple(_value(inner[0], one) for one in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if isinstance(hint, type) and is_dataclass(hint):
        return read(hint, value)
    return value
