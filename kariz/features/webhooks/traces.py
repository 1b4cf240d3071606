"""Messages to other programs among what is kept of a person: each is a copy of what was said of a record."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kariz.core import erasing, keeping
from kariz.core.erasing import Mentioned, Person
from kariz.core.models import Change
from kariz.features.webhooks import retention
from kariz.features.webhooks.models import Delivery


class Messages:
    """Those of the records go, sent or not; in others, and in answers, the words that name the person are covered."""

    _elsewhere = Mentioned(Delivery, ("body", "answer", "error_detail"))

    def _own(self, person: Person) -> QuerySet[Delivery]:
        return Delivery.objects.filter(change__in=Change.objects.filter(person.q()).values("pk"))

    def count(self, person: Person) -> int:
        return self._own(person).count()

    def tell(self, person: Person) -> list[Any]:
        return []  # what the messages say stands in the history

    def erase(self, person: Person) -> None:
        self._own(person).delete()
        self._elsewhere.erase(person)


erasing.add("webhooks", _("Messages to other programs"), Messages(), position=76)
keeping.say(_("Messages to other programs"), retention.KEPT)
