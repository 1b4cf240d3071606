"""Which comparisons a record passes when it is compared with its own values: what every filter must answer."""

from collections.abc import Iterator
from typing import Any

from kariz.core.fields import Field
from kariz.core.operators import OPERATORS
from kariz.lib.calendars import PERIODS

PASSED = {
    "is", "one_of", "contains", "starts_with", "not_empty", "at_least", "at_most", "between",
    "has_any", "has_all", "not_empty_list", "links_any", "some_links",
}  # fmt: skip
FAILED = {
    "is_not", "none_of", "not_contains", "empty", "greater", "less", "before", "after",
    "has_none", "empty_list", "links_none", "no_links",
}  # fmt: skip
OF_EMPTINESS = {"empty", "empty_list", "no_links"}
# Something to compare an empty field with.
OTHERS = {
    "date": "2026-05-14", "moment": "2026-05-14T10:00:00+00:00", "lookup": 1, "user": 1, "links": [1],
    **dict.fromkeys(("number", "money", "percent"), "1"),
}  # fmt: skip
# Relative periods are tested with the core; here it is enough that one of each kind can be asked.
ASKED_PERIODS = {"this_month", "last_n_days"}


def comparisons(field: Field, value: Any) -> Iterator[tuple[list[Any], bool | None]]:
    """Every leaf for a stored `value`, and whether the record passes it (None where that depends)."""
    for operator in field.type.operators:
        if operator not in PERIODS or operator in ASKED_PERIODS:
            yield (
                [field.name, operator, *_operands(field, operator, value)],
                _is_passed(field, operator, value),
            )


def _is_passed(field: Field, operator: str, value: Any) -> bool | None:
    if operator in ("yes", "no"):
        return bool(value) == (operator == "yes")
    if field.type.is_empty(value):
        return True if operator in OF_EMPTINESS else None
    return True if operator in PASSED else False if operator in FAILED else None


def _operands(field: Field, operator: str, value: Any) -> list[Any]:
    takes = OPERATORS[operator].takes
    if takes in ("none", "count"):
        return [7] if takes == "count" else []
    if field.type.is_empty(value):
        value = OTHERS.get(field.type.name, "x")
    one = value[0] if isinstance(value, list) else value
    return {"one": [one], "two": [one, one], "many": [[one]]}[takes]
