"""The values a formula works with, and what the operators make of them."""

import ast
import operator
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

Value = Decimal | str | date | bool | None

LARGEST = Decimal(10) ** 18
LONGEST_TEXT = 4000

# One's own context: results must not depend on what the thread was set to.
ARITHMETIC = Context(prec=34, traps=[DivisionByZero, InvalidOperation, Overflow])


def value_of(given: object) -> Value:
    """What a record's field holds, as a value of the language."""
    if given is None or isinstance(given, (bool, Decimal)):
        return given
    if isinstance(given, (int, float)):
        return capped(Decimal(str(given)))
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    if isinstance(given, (list, tuple)):
        return capped(", ".join(map(str, given)) or None)
    return capped(str(given))


def capped(value: Value) -> Value:
    """The value, None for a number too large or no number at all, and no more than the first pages of a text."""
    if isinstance(value, Decimal):
        return value if value.is_finite() and abs(value) < LARGEST else None
    return value[:LONGEST_TEXT] if isinstance(value, str) else value


def calculated(operation: type[ast.operator], left: Value, right: Value) -> Value:
    """Numbers by arithmetic; texts may be joined by +, days moved by + and -."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return capped(_arithmetic(operation, left, right))
    if operation is ast.Add and isinstance(left, str) and isinstance(right, str):
        return capped(left + right)
    if isinstance(left, date) and isinstance(right, Decimal) and operation in (ast.Add, ast.Sub):
        return _moved(left, right if operation is ast.Add else -right)
    if isinstance(left, date) and isinstance(right, date) and operation is ast.Sub:
        return Decimal((left - right).days)
    return None


_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: ARITHMETIC.add,
    ast.Sub: ARITHMETIC.subtract,
    ast.Mult: ARITHMETIC.multiply,
    ast.Div: ARITHMETIC.divide,
    ast.Mod: ARITHMETIC.remainder,
}
OPERATORS = frozenset(_OPERATIONS)


def _arithmetic(operation: type[ast.operator], left: Decimal, right: Decimal) -> Decimal | None:
    try:
        return _OPERATIONS[operation](left, right)
    except ArithmeticError:
        return None


def _moved(day: date, days: Decimal) -> date | None:
    try:
        return day + timedelta(int(days))
    except OverflowError:
        return None


_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
COMPARISONS = frozenset(_COMPARISONS)


def compared(comparison: type[ast.cmpop], left: Value, right: Value) -> bool | None:
    """None where one side is empty or the two are of different kinds."""
    if left is None or right is None or type(left) is not type(right):
        return None
    return _COMPARISONS[comparison](left, right)
