"""The warning below a form: who is recorded already, while one types."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kariz.core import duplicates
from kariz.core.fieldtypes.links import id_in
from kariz.core.registry import RecordType
from kariz.features.duplicates import rules
from kariz.web import inputs
from kariz.web.doors import for_readers, reader
from kariz.web.listing import record_address, with_query

MOST_SHOWN = 4


@require_POST
@for_readers
def check(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Those whom the values of the form may mean. Nothing is changed; posted because a form can be long."""
    recognition = rules.of(record_type)
    if recognition is None:
        raise Http404
    values = inputs.posted(record_type, request.POST, sorted(recognition.names))
    record = record_type.model()  # the one that the form changes: its id is all that is looked at
    record.pk = id_in(request.GET.get("record", ""))
    found = duplicates.find(record_type, values, reader(request), record=record, hints=True)
    likely = [one for one in found if one.is_likely]
    shown = (likely or found)[:MOST_SHOWN]
    context: dict[str, Any] = {
        "shown": [(one, record_address(one.record_type.name, one.pk)) for one in shown],
        "is_likely": bool(likely),
        "record_type": record_type,
    }
    return render(request, "duplicates/_warning.html", context)


def address(record_type: RecordType, record: Any) -> str:
    """Where a form of this record asks; `record` is None for a new one."""
    there = reverse("duplicates:check", args=[record_type])
    return with_query(there, {"record": record.pk if record is not None else ""})
