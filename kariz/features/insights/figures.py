"""Won, lost, win rate, revenue and days to close, of groups of records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kariz.core.summary import Group
from kariz.features.insights.subjects import DAYS


@dataclass
class Figures:
    """`revenue` is by currency; days are of all that were won or lost."""

    won: int = 0
    lost: int = 0
    revenue: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    days: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, outcome: str, group: Group, amount: str) -> None:
        if outcome == "won":
            self.won += group.count
            for currency, sum_of in group.sums[amount].items():
                self.revenue[currency] += sum_of
        else:
            self.lost += group.count
        self.days[outcome] += sum(group.sums[DAYS].values(), Decimal(0))

    @property
    def win_rate(self) -> Decimal | None:
        """In percent of what was decided."""
        decided = self.won + self.lost
        return Decimal(100 * self.won) / decided if decided else None

    @property
    def mean_won(self) -> dict[str, Decimal]:
        """The revenue of one that was won; told only where all were won in one currency."""
        return (
            {code: sum_of / self.won for code, sum_of in self.revenue.items()}
            if len(self.revenue) == 1
            else {}
        )

    @property
    def days_to_win(self) -> Decimal | None:
        return self.days["won"] / self.won if self.won else None

    @property
    def days_to_lose(self) -> Decimal | None:
        return self.days["lost"] / self.lost if self.lost else None


def whole(groups: Iterable[Group], amount: str) -> Figures:
    """The figures of all groups together; the last key of each is its outcome."""
    found = Figures()
    for group in groups:
        found.add(group.keys[-1], group, amount)
    return found


def split(groups: Iterable[Group], amount: str) -> dict[Any, Figures]:
    """The figures of each first key."""
    found: dict[Any, Figures] = defaultdict(Figures)
    for group in groups:
        found[group.keys[0]].add(group.keys[-1], group, amount)
    return dict(found)
