"""The functions of the formula language: one row each, with how many arguments they take."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kariz.lib.formulas.values import ARITHMETIC, Value, capped

MANY = 50
MOST_PLACES = 10


@dataclass(frozen=True)
class Function:
    least: int
    most: int
    apply: Callable[..., Value]


def _smallest(*values: Value) -> Value:
    return _chosen(min, values)


def _largest(*values: Value) -> Value:
    return _chosen(max, values)


def _chosen(choose: Callable[[list[Decimal]], Decimal], values: tuple[Value, ...]) -> Value:
    """The least or most of numbers or of days. Empty ones are passed over, as in a spreadsheet."""
    for kind in (Decimal, date):
        given = [value for value in values if value is not None]
        if given and all(isinstance(value, kind) for value in given):
            return choose(given)  # type: ignore[arg-type]  # all of one kind that has an order
    return None


def _rounded(number: Value, places: Value = Decimal(0)) -> Value:
    if not isinstance(number, Decimal) or not isinstance(places, Decimal) or abs(places) > MOST_PLACES:
        return None
    return capped(number.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP, ARITHMETIC))


def _absolute(number: Value) -> Value:
    return abs(number) if isinstance(number, Decimal) else None


def _joined(*values: Value) -> Value:
    return capped("".join(["" if value is None else _as_text(value) for value in values]))


def _as_text(value: Value) -> str:
    return format(value.normalize() + 0, "f") if isinstance(value, Decimal) else str(value)


def _days(start: Value, end: Value) -> Value:
    return Decimal((end - start).days) if isinstance(start, date) and isinstance(end, date) else None


def _first_held(*values: Value) -> Value:
    return next((value for value in values if value is not None and value != ""), None)


def _year(day: Value) -> Value:
    return Decimal(day.year) if isinstance(day, date) else None


def _month(day: Value) -> Value:
    return Decimal(day.month) if isinstance(day, date) else None


FUNCTIONS = {
    "min": Function(1, MANY, _smallest),
    "max": Function(1, MANY, _largest),
    "round": Function(1, 2, _rounded),
    "abs": Function(1, 1, _absolute),
    "concat": Function(1, MANY, _joined),
    "days": Function(2, 2, _days),
    "coalesce": Function(1, MANY, _first_held),
    "year": Function(1, 1, _year),
    "month": Function(1, 1, _month),
}
