"""How many records have which fault, by the person who is responsible: one statement a type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count

from kariz.accounts.models import User
from kariz.core import conditions, measures, records
from kariz.core.conditions import Node
from kariz.core.measures import Measure
from kariz.core.registry import RecordType
from kariz.features.health import subjects


@dataclass
class Figures:
    """`faults` are by the measure's name; `completeness` is the sum of all percentages."""

    records: int = 0
    completeness: Decimal = Decimal(0)
    faults: dict[str, int] = field(default_factory=dict)

    def add(self, other: Figures) -> None:
        self.records += other.records
        self.completeness += other.completeness
        for name, count in other.faults.items():
            self.faults[name] = self.faults.get(name, 0) + count

    @property
    def mean_completeness(self) -> Decimal:
        """In percent."""
        return self.completeness / self.records if self.records else Decimal(0)

    @property
    def worst(self) -> int:
        return sum(self.faults.values())


def where(record_type: RecordType, *nodes: Node) -> dict[str, Any]:
    """The condition of the living records for which all `nodes` hold."""
    flat = [part for node in nodes for part in _parts(node)]
    return {"all": [*subjects.alive(record_type), *flat]}


def _parts(node: Node) -> list[Any]:
    return list(node["all"]) if isinstance(node, Mapping) and "all" in node else [node]


def by_owner(
    record_type: RecordType, user: User, asked: list[tuple[Measure, Node]]
) -> dict[int | None, Figures]:
    """The figures of everyone who is responsible for a record that `user` may see."""
    found = records.visible(record_type, user, where=where(record_type)).order_by()
    counts: dict[str, Any] = {}
    for measure, node in asked:
        aliases, condition = conditions.compiled(record_type, node, user)
        found = found.alias(**aliases)
        counts[f"has_{measure.name}"] = Count("pk", filter=condition)
    rows = found.values("owner_id").annotate(records=Count("pk"), filled=Avg("completeness"), **counts)
    return {
        row["owner_id"]: Figures(
            row["records"],
            Decimal(str(row["filled"] or 0)) * row["records"],
            {measure.name: row[f"has_{measure.name}"] for measure, _node in asked},
        )
        for row in rows
    }


def asked_of(record_type: RecordType) -> list[tuple[Measure, Node]]:
    return measures.of(record_type)
