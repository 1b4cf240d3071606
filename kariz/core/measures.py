"""What can be wrong with records, each measure a condition: counted on the data-health page, opened as a list.

measures.register(Measure("no_owner", _("Nobody responsible"), lambda record_type: ["owner", "empty"]))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kariz.core import conditions

if TYPE_CHECKING:
    from kariz.core.conditions import Node
    from kariz.core.registry import RecordType


@dataclass(frozen=True)
class Measure:
    """One way in which a record can be wanting, such as having nobody responsible for it.

    `where` gives the condition that holds for the records concerned; None where a type cannot have this fault.
    """

    name: str
    label: Any
    where: Callable[[RecordType], Node | None]
    position: int = 100


_measures: dict[str, Measure] = {}


def register(measure: Measure) -> None:
    _measures[measure.name] = measure


def of(record_type: RecordType) -> list[tuple[Measure, Node]]:
    """The measures that apply to a type, or to what one person sees of it, in order, each with its condition."""
    ordered = sorted(_measures.values(), key=lambda measure: measure.position)
    asked = ((measure, measure.where(record_type)) for measure in ordered)
    return [(measure, where) for measure, where in asked if where and conditions.may_ask(record_type, where)]
