"""What imports keep of a person: the files that were brought, the rows that failed, what was found in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.core import erasing, keeping
from kariz.core.erasing import MASK, Held, Mentioned, Person
from kariz.features.transfer import tidying
from kariz.features.transfer.models import FailedRow, Import, ImportFile, PendingLink, SavedPlan
from kariz.features.transfer.sources import Unreadable

State = Import.State
UNDER_WAY = (State.WAITING, State.RUNNING)
FOUND = ("name", "unknown", "checked", "problems", "plan", "reading", "header")


class Files:
    """The file that holds the person is removed: what it was for is done. An import that was never run goes with it."""

    def _holding(self, person: Person) -> Iterator[ImportFile]:
        if person.mentions:
            kept = ImportFile.objects.exclude(file="").select_related("of").order_by("pk")
            yield from (file for file in kept if _holds(file, person))

    def count(self, person: Person) -> int:
        return sum(1 for _file in self._holding(person))

    def tell(self, person: Person) -> list[Any]:
        """The rows of the files that name the person, by the titles of their columns."""
        return [
            {"file": file.name, "row": number, "values": dict(zip(file.header, row, strict=False))}
            for file in self._holding(person)
            for number, row in enumerate(_rows(file), 1)
            if person.mentions.are_in(row)
        ]

    def erase(self, person: Person) -> None:
        for file in list(self._holding(person)):
            if file.of.state in UNDER_WAY:
                told = _(
                    "The import “%(label)s” is under way and holds this person. Wait for its end, or stop it."
                )
                raise Held(told % {"label": file.of.label})
            transaction.on_commit(partial(file.file.storage.delete, str(file.file.name)))
            ImportFile.objects.filter(pk=file.pk).update(file="")
            if file.of.state == State.DRAFT:
                Import.objects.filter(pk=file.of_id).delete()
        # What was stopped cannot go on without its file.
        Import.objects.filter(files__file="", state=State.STOPPED).update(state=State.DONE)


def _holds(file: ImportFile, person: Person) -> bool:
    """Whether a row names the person; a file that cannot be read any more may."""
    try:
        return any(person.mentions.are_in(row) for row in _rows(file))
    except (Unreadable, OSError):
        return file.file.storage.exists(str(file.file.name))


def _rows(file: ImportFile) -> Iterator[list[str]]:
    return file.source().rows()


class FailedRows:
    """Each cell of a row that names the person is covered."""

    def _found(self, person: Person) -> list[FailedRow]:
        if not person.mentions:
            return []
        rows = FailedRow.objects.order_by("pk").iterator(chunk_size=erasing.AT_ONCE)
        return [row for row in rows if person.mentions.are_in([row.cells, row.reasons])]

    def count(self, person: Person) -> int:
        return len(self._found(person))

    def tell(self, person: Person) -> list[Any]:
        return [{"number": row.number, "cells": row.cells} for row in self._found(person)]

    def erase(self, person: Person) -> None:
        found = self._found(person)
        for row in found:
            row.cells = [MASK if cell else cell for cell in row.cells]
            row.reasons = person.mentions.masked(row.reasons, MASK)
        FailedRow.objects.bulk_update(found, ["cells", "reasons"], batch_size=erasing.AT_ONCE)


erasing.add("import_files", gettext_lazy("Files of imports"), Files(), position=70)
erasing.add("failed_rows", gettext_lazy("Failed rows of imports"), FailedRows(), position=71)
erasing.add(
    "imports",
    gettext_lazy("Imports that name the person"),
    Mentioned(Import, ("label",), is_small=True),
    position=72,
)
erasing.add(
    "import_findings",
    gettext_lazy("What was found in files of imports"),
    Mentioned(ImportFile, FOUND, is_small=True),
    position=73,
)
erasing.add(
    "pending_links",
    gettext_lazy("Links that wait to be made"),
    Mentioned(PendingLink, ("text",)),
    position=74,
)
erasing.add(
    "saved_plans",
    gettext_lazy("Saved plans of imports"),
    Mentioned(SavedPlan, ("steps",), is_small=True),
    position=74,
)
keeping.say(gettext_lazy("Imports that were begun and never run"), tidying.KEPT)
keeping.say(gettext_lazy("Files of imports that were run"), None)
