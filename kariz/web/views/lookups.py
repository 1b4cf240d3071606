"""Suggestions for a link: records or people whose name holds what was typed, among those one may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kariz.accounts.models import User
from kariz.core import access, records, registry, seen
from kariz.core.registry import RecordType
from kariz.lib.text import fold
from kariz.web.doors import for_readers, reader
from kariz.web.listing import with_query

MOST = 8


@dataclass(frozen=True)
class Option:
    pk: int
    title: str
    note: str = ""


@for_readers
def lookup(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """For `field` of the type, what it links to; without it, records of the type itself. `known` offers no new one."""
    # A box sends its text under its own name: the name of its field and `_text`.
    typed = (request.GET[name] for name in request.GET if name == "q" or name.endswith("_text"))
    text = next(typed, "").strip()
    target = record_type.name
    if name := request.GET.get("field"):
        field = record_type.fields.get(name)
        if field is None or not field.target:
            raise Http404
        target = field.target
    context = {
        "text": text,
        **(_people(text) if target == "user" else _records(request, seen.get(target, reader(request)), text)),
    }
    return render(request, "web/_lookup_options.html", context)


def _people(text: str) -> dict[str, object]:
    """All words of the text, folded: there are few enough people to compare in Python."""
    words = fold(text).split()
    active = User.objects.filter(is_active=True).select_related("team").order_by("name", "username")
    found = [one for one in active if all(word in fold(f"{one} {one.username}") for word in words)]
    return {"options": [Option(one.pk, str(one), str(one.team or "")) for one in found[:MOST]]}


def _records(request: HttpRequest, target: RecordType, text: str) -> dict[str, object]:
    user = reader(request)
    visible = records.visible(target, user, find=text, sort=target.title if text else "-updated_at")
    options = [Option(one.pk, str(getattr(one, target.title)), _note(target, one)) for one in visible[:MOST]]
    may_add = bool(text) and "known" not in request.GET and access.may(target, user, "create")
    return {"options": options, "add_url": _add_url(request, target, text) if may_add else ""}


def _note(target: RecordType, record: Any) -> str:
    """What tells it from others of its name; of a retired one, that it is retired."""
    if target.retired and getattr(record, target.retired):
        return str(registry.get(target.name).all_fields[target.retired].label)
    subtitle = target.all_fields.get(target.subtitle)
    shows = subtitle is not None and not subtitle.target and subtitle.type.name != "links"
    return subtitle.show(subtitle.get(record)) if subtitle and shows else ""


def _add_url(request: HttpRequest, target: RecordType, text: str) -> str:
    """The quick form of a new record with this title; what it makes is given to the box that asked."""
    box = request.headers.get("HX-Trigger", "")
    return with_query(reverse("web:quick", args=[target]), {target.title: text, "for": box})
