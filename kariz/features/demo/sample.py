"""What the parts of the sample company know of each other while it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from kariz.accounts.models import User
from kariz.core import choices, registry
from kariz.features.demo.inventing import Firm, Inventor, Person
from kariz.features.demo.past import AT_ONCE, Invented, write

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Customer:
    person: Person
    organization: int
    made_at: datetime


@dataclass
class Sample:
    """Firms stand by the ids of their organizations, people and the leads that they were by those of their contacts.

    `keepers` are the users who are responsible for the organizations, and so for what is sold to them.
    """

    inventor: Inventor
    sellers: Sequence[User]
    progress: Progress
    firms: dict[int, Firm] = field(default_factory=dict)
    keepers: dict[int, int] = field(default_factory=dict)
    people: dict[int, Customer] = field(default_factory=dict)
    acquired: dict[int, Any] = field(default_factory=dict)
    products: dict[int, dict[str, Any]] = field(default_factory=dict)
    services: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        return self.inventor.words.company["currency"]

    def seller(self) -> int:
        return self.inventor.random.choice(self.sellers).pk

    def pick(self, record_type: str, name: str, group: str | None = None) -> str:
        """One of the choices of a field, as this installation has them; the first ones more often."""
        offered = choices.of(record_type, name, group)
        return offered[int(len(offered) * self.inventor.random.random() ** 1.5)].key if offered else ""

    def weighted(self, weights: dict[str, int]) -> str:
        return self.inventor.random.choices(list(weights), list(weights.values()))[0]

    def write(self, name: str, invented: Iterator[Invented], total: int) -> Iterator[Any]:
        """Write records of one type some at a time, and tell how far it is."""
        record_type = registry.get(name)
        done = 0
        while some := list(islice(invented, AT_ONCE)):
            yield from write(record_type, some)
            done += len(some)
            self.progress(str(record_type.plural), done, total)
