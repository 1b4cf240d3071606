"""Comments among what is kept of a person: those on the records, and those elsewhere that name the person."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kariz.core import erasing
from kariz.core.erasing import ERASED, Mentioned, Person, Rows
from kariz.features.comments.models import Comment


class Elsewhere(Mentioned):
    """Comments on records of others."""

    def _rows(self, person: Person) -> QuerySet[Any]:
        return super()._rows(person).exclude(person.q())


ON_RECORDS = Rows(Comment, ("text", "created_at"), blanks={"text": ERASED})

erasing.add("comments", _("Comments"), ON_RECORDS, position=20)
erasing.add("comments_elsewhere", _("Comments elsewhere"), Elsewhere(Comment, ("text",)), position=21)
