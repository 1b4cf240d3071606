"""Notes who looked at which records, as far as the company wants to know: all views, one in so many, or none."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kariz import audit
from kariz.accounts.revision import by_revision
from kariz.core import viewing
from kariz.features.audit.models import ViewSetting
from kariz.lib.idsets import IdSet

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType

audit.group("record", _("Records"))
audit.kind("record.viewed", _("Record viewed"))


@by_revision
def rates() -> dict[str, int]:
    """Record type → of how many views one is noted."""
    return dict(ViewSetting.objects.filter(every__gt=0).values_list("record_type", "every"))


@viewing.listen
def note(record_type: RecordType, records: Sequence[Any], user: User) -> None:
    every = rates().get(record_type.name, 0)
    if not every or not records or secrets.randbelow(every):
        return
    pk, title, several = None, "", None
    if len(records) == 1:
        pk, title = records[0].pk, record_type.all_fields[record_type.title].get(records[0])
    else:
        several = IdSet(record.pk for record in records)
    audit.note("record.viewed", user=user, about=(record_type.name, pk, title), records=several, one_in=every)
