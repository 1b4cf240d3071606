"""The sample company, made in the order in which its parts need each other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from kariz.accounts.models import User
from kariz.core import registry
from kariz.features.demo import arrangement, catalogue, customers, leads, opportunities, people, words
from kariz.features.demo.inventing import Inventor
from kariz.features.demo.sample import Progress, Sample


@dataclass(frozen=True)
class Size:
    leads: int
    opportunities: int

    @property
    def customers(self) -> int:
        """So many organizations; half as many contacts again."""
        return max(10, max(self.leads, self.opportunities) // 3)

    @property
    def converted(self) -> int:
        return min(self.leads // 8, self.opportunities // 2)


@dataclass(frozen=True)
class Made:
    counts: dict[str, int]
    sign_ins: list[User]


def has_records() -> bool:
    return any(record_type.model.objects.exists() for record_type in registry.every())


def make(language: str, seed: int, size: Size, progress: Progress) -> Made:
    """The same company for the same language, seed and size; its days are counted back from today."""
    inventor = Inventor(words.of(language), seed, timezone.now())
    is_new = not has_records()
    if is_new:
        people.settle(inventor)
    staff = people.employ(inventor, size.leads + size.opportunities)
    sample = Sample(inventor, staff.sellers, progress)
    catalogue.fill(sample)
    customers.make_organizations(sample, size.customers, arrangement.add_field(inventor.words))
    customers.make_contacts(sample, size.customers * 3 // 2)
    leads.make_interests(sample, size.leads // 10)
    leads.make_leads(sample, size.leads, size.converted)
    opportunities.make_opportunities(sample, size.opportunities)
    arrangement.share_view(inventor.words, staff)
    _gather_statistics()
    return Made(
        {record_type.name: record_type.model.objects.count() for record_type in registry.every()},
        people.sign_ins(),
    )


def _gather_statistics() -> None:
    """Tell the database how its tables are filled, so that it chooses its indexes well from the first question on."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
