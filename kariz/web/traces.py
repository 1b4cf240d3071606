"""What the screens keep of records: visits, sent forms, views that ask for somebody, notices; and for how long."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kariz.core import erasing, keeping
from kariz.core.erasing import Mentioned, Person, Rows
from kariz.notices.models import Notice
from kariz.web import throttle, tidying
from kariz.web.listing import record_address
from kariz.web.models import SavedView, Submission, Visit


class Notices:
    """Those that lead to one of the records go; in others the words that name the person are covered."""

    _texts = Mentioned(Notice, ("params", "url"))

    def _leading(self, person: Person) -> QuerySet[Notice]:
        addresses = (record_address(name, pk) for name, ids in person.records.items() for pk in ids)
        leads = (Q(url__startswith=address) for address in addresses)
        return Notice.objects.filter(reduce(or_, leads, Q(pk__in=())))

    def count(self, person: Person) -> int:
        return self._leading(person).count() + self._texts.count(person)

    def tell(self, person: Person) -> list[Any]:
        return [{"at": one.created_at.isoformat(), "text": str(one)} for one in self._leading(person)]

    def erase(self, person: Person) -> None:
        self._leading(person).delete()
        self._texts.erase(person)


erasing.add("visits", _("Visits and pins"), Rows(Visit), position=60)
erasing.add("submissions", _("Forms that were sent"), Rows(Submission), position=61)
erasing.add(
    "views", _("Saved views that ask for the person"), Mentioned(SavedView, ("name", "where")), position=62
)
erasing.add("notices", _("Notices"), Notices(), position=63)

keeping.say(_("Notices"), None)
keeping.say(_("Visited records in the sidebar, unless pinned"), tidying.VISITS_FOR)
keeping.say(_("Forms that were sent, against sending them twice"), tidying.SUBMISSIONS_FOR)
keeping.say(_("Refused sign-ins"), throttle.KEPT_FOR)
