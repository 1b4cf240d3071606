"""The screens of a conversion: converting one lead, and, for administrators, what goes where."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kariz.accounts.models import User
from kariz.core import access, choices, registry
from kariz.core.fields import Field
from kariz.core.records import Forbidden, Invalid
from kariz.core.registry import RecordType
from kariz.records.leads import conversion, convert_form, mapping, triggers
from kariz.web import toasts
from kariz.web.doors import for_readers, onward, reader, visible_or_404


@for_readers
def convert(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """What becomes of the lead; posted, it is done, and what was made is shown."""
    if record_type.name != "lead":
        raise Http404
    user, lead = reader(request), visible_or_404(request, record_type, pk)
    if not access.may(record_type, user, "convert") or not access.may_write(record_type, user, lead):
        raise Forbidden(_("You may not change this record."))
    if lead.is_converted:
        return redirect("web:record", record_type, pk)
    if request.method != "POST":
        return _asking(request, lead, {})
    try:
        done = conversion.convert(lead, user=user, owner=_owner(request), **_chosen(request, lead))
    except Invalid as error:
        return _asking(request, lead, error.errors)
    made = [one for one in (done.opportunity, done.contact, lead) if one]
    text = _("“%(lead)s” is a customer now.") % {"lead": lead.title}
    return toasts.tell(request, onward(request, *made), text, batch=done.batch)


def _chosen(request: HttpRequest, lead: Any) -> dict[str, Any]:
    """What was chosen for each part. Raises `Invalid` with the names of all parts before those of their fields."""
    errors: dict[str, list[str]] = {}
    parts = convert_form.parts(lead, reader(request), request.POST)
    chosen: dict[str, Any] = {"fill": [part.name for part in parts if part.is_filled]}
    for part in parts:
        try:
            chosen[part.name] = part.chosen
        except Invalid as error:
            errors |= {f"{part.name}.{name}": told for name, told in error.errors.items()}
    if errors:
        raise Invalid(errors)
    return chosen


def _owner(request: HttpRequest) -> User | None:
    """Who is to be responsible. Raises `Invalid`."""
    pk = request.POST.get("owner", "")
    if not pk:
        return None
    found = {str(user.pk): user for user in User.objects.filter(is_active=True)}.get(pk)
    if found is None:
        raise Invalid({"owner": [_("Choose one of the users.")]})
    return found


def _asking(request: HttpRequest, lead: Any, errors: dict[str, list[str]]) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    owner = registry.get("lead").fields["owner"]
    context = {
        "lead": lead,
        "parts": convert_form.parts(lead, reader(request), sent, errors),
        "owner": owner,
        "typed_owner": sent.get("owner", "") if sent is not None else str(lead.owner_id or ""),
        "names": {("user", lead.owner_id): str(lead.owner)} if lead.owner_id else {},
        "errors": errors,
        "whole": [told for name, found in errors.items() if "." not in name for told in found],
        "is_nameless": not lead.name,
    }
    return render(request, "leads/convert.html", context, status=422 if errors else 200)


def conversion_fields(request: HttpRequest, target: str) -> HttpResponse:
    """Which field of a lead fills each field of `target`; posted, it is so for everybody."""
    if not reader(request).is_administrator:
        raise PermissionDenied(
            _("Settings are for administrators. Ask one of them for what you need changed.")
        )
    if target not in mapping.TARGETS:
        raise Http404
    record_type = registry.get(target)
    if request.method == "POST":
        _change(request, record_type)
        return toasts.tell(request, redirect("leads:mapping", target), _("Saved."))
    context = {
        "record_type": record_type,
        "targets": [registry.get(name) for name in mapping.TARGETS],
        "rows": _rows(record_type),
        "is_changed": mapping.is_changed(),
    }
    return render(request, "leads/mapping.html", context)


def conversion_triggers(request: HttpRequest) -> HttpResponse:
    """What reaching each milestone does: nothing, propose the conversion, or perform it."""
    if not reader(request).is_administrator:
        raise PermissionDenied(
            _("Settings are for administrators. Ask one of them for what you need changed.")
        )
    offered = {
        triggers.NOTHING: pgettext("what happens", "Nothing"),
        triggers.PROPOSE: _("Propose the conversion"),
        triggers.CONVERT: _("Convert at once"),
    }
    if request.method == "POST":
        said = {key: request.POST.get(key, "") for key in triggers.effects()}
        triggers.change({key: effect for key, effect in said.items() if effect in offered})
        return toasts.tell(request, redirect("leads:triggers"), _("Saved."))
    known = triggers.effects()
    rows = [(one.key, _(one.label), known[one.key]) for one in choices.of("lead", "milestones")]
    context = {"targets": [registry.get(name) for name in mapping.TARGETS], "rows": rows, "offered": offered}
    return render(request, "leads/triggers.html", context)


def _rows(record_type: RecordType) -> list[tuple[Field, list[Field], str]]:
    """Each field that may be filled, the fields of a lead that fit it, and the one that does now."""
    filled = {into.name: source.name for into, source in mapping.of(record_type).items()}
    lead = registry.get("lead").fields.values()
    rows = (
        (into, [source for source in lead if mapping.fits(source, into)], filled.get(into.name, ""))
        for into in record_type.fields.values()
        if into.name not in mapping.KEPT
        and (not into.is_readonly or into.name in mapping.SHIPPED[record_type.name])
    )
    return [row for row in rows if row[1]]


def _change(request: HttpRequest, record_type: RecordType) -> None:
    if "reset" in request.POST:
        mapping.change({})
        return
    names = {
        into.name: request.POST[into.name]
        for into, sources, _chosen in _rows(record_type)
        if request.POST.get(into.name) in {source.name for source in sources}
    }
    mapping.change(mapping.names() | {record_type.name: names})
