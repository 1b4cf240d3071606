"""What the recognition of duplicates keeps of a person: requests, keys, groups, and who was kept apart from whom."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kariz.core import erasing
from kariz.core.erasing import ERASED, Person, Rows
from kariz.features.duplicates.models import DuplicateGroup, DuplicateMember, KeptApart, MatchKey, Request


class Keys(Rows):
    """Made anew by the door with the record; only of one that goes none stay."""

    def erase(self, person: Person) -> None:
        if person.goes:
            self._rows(person).delete()


class Groups(Rows):
    """Their places in groups; a group of one is none."""

    def erase(self, person: Person) -> None:
        groups = list(self._rows(person).values_list("group", flat=True))
        self._rows(person).delete()
        for group in DuplicateGroup.objects.filter(pk__in=groups):
            if group.members.count() < 2:
                group.delete()


class Apart:
    """Pairs of which somebody said that they are not the same, with what they said then as a number."""

    def _rows(self, person: Person) -> QuerySet[KeptApart]:
        return KeptApart.objects.filter(person.q() | person.q("other_type", "other_id"))

    def count(self, person: Person) -> int:
        return self._rows(person).count()

    def tell(self, person: Person) -> list[Any]:
        return []

    def erase(self, person: Person) -> None:
        self._rows(person).delete()


REQUESTS = Rows(
    Request, ("source", "text", "values", "received_at"), blanks={"text": ERASED, "values": {}, "source": ""}
)

erasing.add("requests", _("Requests"), REQUESTS, position=25)
erasing.add("match_keys", _("Keys by which duplicates meet"), Keys(MatchKey), position=40)
erasing.add("duplicate_groups", _("Groups of possible duplicates"), Groups(DuplicateMember), position=41)
erasing.add("kept_apart", _("Kept apart from others"), Apart(), position=42)
