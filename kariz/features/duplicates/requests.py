"""The requests on a card, in a tab of its page."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import choices
from kariz.core.registry import RecordType
from kariz.features.duplicates import rules
from kariz.features.duplicates.models import Request

MOST_SHOWN = 100
SOURCE = "source"


def are_of(record_type: RecordType) -> bool:
    """Whether requests of people can be on cards of this type: those that tell where somebody came from."""
    return SOURCE in record_type.fields and rules.of(record_type) is not None


def count(request: HttpRequest, record_type: RecordType, record: Any) -> int:
    return _of(record_type, record).count()


def _of(record_type: RecordType, record: Any) -> QuerySet[Request]:
    return Request.objects.filter(record_type=record_type.name, record_id=record.pk)


def inside(request: HttpRequest, record_type: RecordType, record: Any) -> str:
    """The inside of the tab: what was asked, newest first, and what was said beside it."""
    ours = locale.active()
    shown = [
        {
            "asked": one,
            "source": _source(record_type, one.source),
            "ago": ours.ago(one.received_at),
            "exact": ours.moment(one.received_at),
            "said": _said(record_type, one.values),
        }
        for one in _of(record_type, record)[:MOST_SHOWN]
    ]
    return render_to_string("duplicates/_requests.html", {"requests": shown}, request)


def _source(record_type: RecordType, key: str) -> str:
    found = choices.find(record_type.name, SOURCE, key) if key else None
    return _(found.label) if found else key


def _said(record_type: RecordType, values: dict[str, str]) -> list[tuple[Any, str]]:
    """The values that came with the request, under the names of this type's fields where it has them."""
    fields = record_type.all_fields
    return [
        (fields[name].label if name in fields else name, value)
        for name, value in values.items()
        if name != SOURCE
    ]
