"""What is put right for many records at once, each time as one batch that can be undone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import conditions, records
from kariz.core.fieldtypes import FieldError
from kariz.core.models import ChangeBatch
from kariz.core.registry import RecordType
from kariz.features.health.subjects import of_kind
from kariz.web import bulk
from kariz.web.bulk import Order, Outcome

PHONES = "rewrite_phones"


@bulk.work(PHONES)
def rewrite_phones(
    record_type: RecordType, user: User, order: Order, found: list[Any], outcome: Outcome
) -> None:
    """Write phone numbers that another program left as the door writes them; those that are none stay."""
    rows = []
    for record in bulk.allowed(record_type, user, found, outcome):
        if values := _readable(record_type, record):
            rows.append((record, values))
        else:
            outcome.leave(record, bulk.title(record_type, record), _("No phone number can be read there."))
    batch = ChangeBatch.objects.get(pk=order.batch)
    bulk.note(record_type, records.save_many(record_type, rows, user=user, batch=batch), outcome)


def _readable(record_type: RecordType, record: Any) -> dict[str, str]:
    """The new values of the phone fields whose text is a number in another spelling."""
    ours, found = locale.active(), {}
    for field in of_kind(record_type, "phone"):
        kept = field.get(record)
        try:
            read = field.parse(kept, ours) if kept else ""
        except FieldError:
            continue
        if read != kept and not field.is_readonly:
            found[field.name] = read
    return found


def ids(record_type: RecordType, user: User, where: Any) -> list[int]:
    conditions.check(record_type, where)
    return list(records.visible(record_type, user, where=where).order_by().values_list("pk", flat=True))
