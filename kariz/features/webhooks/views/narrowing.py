"""Of one record type of a webhook: which fields must change, and which condition records must fulfil."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kariz.core import conditions
from kariz.core.registry import RecordType
from kariz.features.webhooks import subscriptions
from kariz.features.webhooks.models import Webhook
from kariz.web import filters, listing, toasts
from kariz.web.doors import for_administrators, reader

NEVER_CHANGED = ("created_by", "created_at", "updated_at")  # the last says no more than that something did


@for_administrators
def narrow(request: HttpRequest, pk: int, record_type: RecordType) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    if record_type.name not in webhook.record_types:
        raise Http404
    where = webhook.where_of(record_type.name)
    group, written = filters.built(record_type, where), ""
    fields = webhook.fields_of(record_type.name)
    if request.method == "POST":
        fields = frozenset(request.POST.getlist("fields")) & record_type.fields.keys()
        written = request.POST.get("filter", "")
        if written:  # what the builder sends once it was touched
            where, group = filters.parsed(record_type, _tree(written))
        if not group.has_errors:
            _keep(webhook, record_type, fields, where)
            return toasts.tell(request, redirect("webhooks:webhook", pk), _("Saved."))
    status = 422 if group.has_errors else 200
    context = _context(request, record_type, group, where)
    context |= {"webhook": webhook, "chosen": fields, "written": written}
    return render(request, "webhooks/narrow.html", context, status=status)


def _tree(text: str) -> Any:
    try:
        return listing.tree(text)
    except ValueError:
        return None


def _keep(webhook: Webhook, record_type: RecordType, fields: frozenset[str], where: Any) -> None:
    how: dict[str, Any] = {"fields": sorted(fields), "where": where}
    webhook.narrowed[record_type.name] = {name: value for name, value in how.items() if value}
    subscriptions.keep(webhook)


def _context(
    request: HttpRequest, record_type: RecordType, group: filters.Group, where: Any
) -> dict[str, Any]:
    """What the form and the builder in it need."""
    if not group.parts:
        group.parts.append(filters.row(record_type))
    return {
        "record_type": record_type,
        "fields": list(conditions.askable(record_type).values()),
        "changing": [one for one in record_type.fields.values() if one.name not in NEVER_CHANGED],
        "group": group,
        "names": filters.named(record_type, where, reader(request)),
        "new": filters.row(record_type),
        "new_group": filters.Group("any", []),
    }
