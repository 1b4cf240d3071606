"""The audit log among what is kept of a person: entries stay, without what names the person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kariz import audit
from kariz.core import erasing
from kariz.core.erasing import Person


class Entries:
    def count(self, person: Person) -> int:
        return sum(
            1 for _entry in audit.naming(person.mentions, needles=person.needles, about=_about(person))
        )

    def tell(self, person: Person) -> list[Any]:
        return []  # it speaks of what others did

    def erase(self, person: Person) -> None:
        audit.forget(person.mentions, needles=person.needles, about=_about(person))


def _about(person: Person) -> set[tuple[str, int]]:
    return {(name, pk) for name, ids in person.records.items() for pk in ids}


erasing.add("audit", _("Audit log"), Entries(), position=90)  # last: the chain is held until the commit
