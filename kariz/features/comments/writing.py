"""Writing comments on records that the author may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import changes, records
from kariz.core.models import ChangeBatch
from kariz.core.records import Invalid
from kariz.core.registry import RecordType
from kariz.features.comments.models import Comment

LONGEST = 10_000


@transaction.atomic
def comment(
    record_type: RecordType, ids: Sequence[int], text: str, author: User
) -> tuple[ChangeBatch | None, int]:
    """Say the same of each of these records; gives the batch, if there was any, and their number. Raises `Invalid`."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise Invalid({"text": [_("Write something first.")]})
    if len(text) > LONGEST:
        most = locale.active().number(LONGEST)
        raise Invalid(
            {"text": [_("A comment can be %(most)s characters long. Shorten it.") % {"most": most}]}
        )
    seen = list(records.visible(record_type, author).filter(pk__in=ids).values_list("pk", flat=True))
    if not seen:
        return None, 0
    batch = records.batch_of("comment", author)
    Comment.objects.bulk_create(
        [
            Comment(record_type=record_type.name, record_id=pk, author=author, text=text, batch=batch)
            for pk in seen
        ]
    )
    return batch, len(seen)


@changes.on_undo
def take_back(batch: ChangeBatch) -> None:
    Comment.objects.filter(batch=batch).delete()
