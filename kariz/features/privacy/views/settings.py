"""Settings: the channels that people consent to, and which fields are personal."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz.core.registry import RecordType
from kariz.features.privacy import channels as consented
from kariz.features.privacy import people
from kariz.features.privacy.models import Channel
from kariz.features.privacy.views.sections import sections
from kariz.web import toasts
from kariz.web.doors import for_administrators

LONGEST = 100


@for_administrators
def channels(request: HttpRequest) -> HttpResponse:
    """Those there are; posted, one more."""
    if request.method == "POST":
        name = _name(request)
        if not name:
            return _again(request, _("Give the channel a name."))
        consented.add(name)
        return toasts.tell(request, redirect("privacy:channels"), _("Saved."))
    context = {"channels": consented.every(), "sections": sections("channels")}
    return render(request, "privacy/channels.html", context)


@for_administrators
@require_POST
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a channel, hide it, or offer it again."""
    found = get_object_or_404(Channel, pk=pk)
    name = _name(request)
    if not name:
        return _again(request, _("Give the channel a name."))
    consented.change(found, name, is_hidden=not request.POST.get("is_offered"))
    return toasts.tell(request, redirect("privacy:channels"), _("Saved."))


def _name(request: HttpRequest) -> str:
    return request.POST.get("label", "").replace("\x00", "").strip()[:LONGEST]


def _again(request: HttpRequest, reason: str) -> HttpResponse:
    return toasts.tell(request, redirect("privacy:channels"), reason, level=messages.WARNING)


@for_administrators
def personal(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Which fields of a type are emptied when a person is anonymised."""
    if not people.is_person(record_type):
        raise Http404
    fields = [one for one in record_type.all_fields.values() if people.may_be_personal(one)]
    if request.method == "POST":
        people.decide(record_type, fields, set(request.POST.getlist("personal")))
        return toasts.tell(request, redirect("privacy:personal", record_type), _("Saved."))
    context = {
        "record_type": record_type,
        "types": people.types(),
        "fields": [(one, people.is_personal(one)) for one in fields],
        "sections": sections("personal"),
    }
    return render(request, "privacy/personal.html", context)
