"""What is made of records in their own transaction, and the jobs that were told of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kariz.core import erasing, keeping
from kariz.core.erasing import Mentioned, Person, Rows
from kariz.core.models import SearchRow
from kariz.jobs import retention
from kariz.jobs.models import Job


class Search(Rows):
    """Rewritten by the door with the record; only a record that goes has no row any more."""

    def erase(self, person: Person) -> None:
        if person.goes:
            self._rows(person).delete()


erasing.add("search", _("Search"), Search(SearchRow, ("title", "subtitle", "words")), position=30)
erasing.add(
    "jobs", _("Jobs"), Mentioned(Job, ("payload", "result", "message", "error"), is_small=True), position=80
)
keeping.say(_("Jobs that have ended"), retention.KEPT)
keeping.say(_("History of records"), None)
