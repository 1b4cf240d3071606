"""The place in an ordered list from which the next page starts, as text that fits in a URL."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Value = str | int | float | Decimal | date | datetime | None

# JSON has no such types: they travel as {letter: text}.
_TAGS: dict[type, str] = {Decimal: "n", datetime: "t", date: "d"}
_READERS: dict[str, Callable[[str], Value]] = {
    "n": Decimal,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
}


class BadCursor(ValueError):
    """The text is not one that `Cursor.encode` made."""


@dataclass(frozen=True)
class Cursor:
    values: tuple[Value, ...]

    def encode(self) -> str:
        text = json.dumps([_pack(value) for value in self.values], separators=(",", ":"), ensure_ascii=False)
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        try:
            packed = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return cls(tuple([_unpack(value) for value in _listed(packed)]))
        except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError):
            raise BadCursor(text) from None


def _pack(value: Value) -> object:
    tag = _TAGS.get(type(value))
    if tag is None:
        return value
    return {tag: value.isoformat() if isinstance(value, date) else str(value)}


def _listed(packed: object) -> list[object]:
    if not isinstance(packed, list):
        raise TypeError(packed)
    return packed


def _storable(text: str) -> str:
    """`text`, refused where no database could hold it: with a NUL or half a character."""
    if "\x00" in text:
        raise ValueError(text)
    text.encode()
    return text


def _unpack(packed: object) -> Value:
    if isinstance(packed, dict):
        ((tag, text),) = packed.items()
        return _READERS[tag](text)
    if isinstance(packed, str):
        return _storable(packed)
    if packed is None or isinstance(packed, (int, float)):
        return packed
    raise TypeError(packed)
