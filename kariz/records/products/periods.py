"""The periods in which an item of the catalogue is sold and supported."""

from typing import Any

from django.utils.translation import gettext as _

from kariz.core.drafts import Draft

PERIODS = (("sale_starts_on", "sale_ends_on"), ("support_starts_on", "support_ends_on"))


def check_dates(draft: Draft) -> None:
    """Refuse a period that ends before it starts."""
    item: Any = draft.record
    for first, last in PERIODS:
        start, end = getattr(item, first), getattr(item, last)
        if start and end and end < start and draft.changed(first, last):
            draft.error(last, _("This is before the first day."))
