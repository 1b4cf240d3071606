"""Files of exports that may hold a person, and what was asked for by name."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kariz.core import erasing, keeping
from kariz.core.erasing import Mentioned, Person
from kariz.features.export import keeping as files
from kariz.features.export.models import ExportRun


class Files:
    """Every kept file of these types goes: whoever still needs it exports again. That somebody exported stays."""

    _orders = Mentioned(ExportRun, ("order",))

    def _kept(self, person: Person) -> QuerySet[ExportRun]:
        return ExportRun.objects.exclude(file="").filter(record_type__in=person.records)

    def count(self, person: Person) -> int:
        return self._kept(person).count() + self._orders.count(person)

    def tell(self, person: Person) -> list[Any]:
        return []

    def erase(self, person: Person) -> None:
        for run in self._kept(person):
            transaction.on_commit(partial(run.file.storage.delete, str(run.file.name)))
        self._kept(person).update(file="")
        self._orders.erase(person)


erasing.add("exports", _("Files of exports"), Files(), position=75)
keeping.say(_("Files of exports"), files.KEPT)
