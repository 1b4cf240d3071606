"""The fields of a record type in their blocks, and the order of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz.accounts import locale
from kariz.core import metadata
from kariz.core.fields import KEPT, Field
from kariz.core.registry import RecordType
from kariz.features.customize import pages, usage
from kariz.features.customize.doors import field_or_404, type_or_404
from kariz.web.doors import for_administrators


@dataclass(frozen=True)
class Part:
    """A block with its fields, as the page shows it."""

    key: str
    label: Any
    fields: list[Field]


@for_administrators
def fields(request: HttpRequest, type_name: str) -> HttpResponse:
    record_type = type_or_404(type_name)
    shown = record_type.fields
    context = {
        "parts": [
            Part(block.key, block.label, [shown[name] for name in block.fields])
            for block in record_type.blocks
        ],
        "kept": [shown[name] for name in KEPT if name in shown],
        "hidden": [field for field in record_type.all_fields.values() if field.is_hidden],
        "needed": metadata.needed(record_type),
    }
    return pages.show(request, "customize/fields.html", "fields", record_type=record_type, **context)


@require_POST
@for_administrators
def arrange(request: HttpRequest, type_name: str) -> HttpResponse:
    """The whole layout as the page has it; a pressed button adds, moves or removes a block on top of that."""
    record_type = type_or_404(type_name)
    blocks = _posted(request.POST)
    changed = _pressed(request.POST, blocks)
    url = reverse("customize:fields", args=[record_type.name])
    try:
        metadata.arrange(record_type, changed)
    except ValidationError as error:
        return pages.warn(request, " ".join(error.messages), url)
    if "HX-Request" in request.headers:
        return pages.stay(request, _("The order is saved."), url)
    return pages.go(request, url, _("The layout is saved."))


def _posted(sent: QueryDict) -> list[dict[str, Any]]:
    return [
        {"key": key, "label": sent.get(f"label-{key}", ""), "fields": sent.getlist(f"fields-{key}")}
        for key in sent.getlist("block")
    ]


def _pressed(sent: QueryDict, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [block["key"] for block in blocks]
    if "add" in sent:
        return [*blocks, {"label": sent.get("new_label", ""), "fields": []}]
    if (key := sent.get("remove")) in keys and len(blocks) > 1:
        at = keys.index(key)
        gone = blocks.pop(at)
        blocks[max(at - 1, 0)]["fields"] += gone["fields"]
    for direction, by in (("up", -1), ("down", 1)):
        if (key := sent.get(direction)) in keys:
            at = keys.index(key)
            blocks.insert(max(at + by, 0), blocks.pop(at))
    return blocks


@for_administrators
def count(request: HttpRequest, type_name: str, name: str) -> HttpResponse:
    """How many records have a value in a field."""
    record_type = type_or_404(type_name)
    found = usage.of(record_type, field_or_404(record_type, name))
    ours = locale.active()
    context = {"usage": found, "count": ours.number(found.count), "total": ours.number(found.total)}
    return render(request, "customize/_usage.html", context)


def move_to(record_type: RecordType, name: str, block: str) -> None:
    """Put a field at the end of another block."""
    blocks = [
        {"key": one.key, "label": one.label, "fields": [field for field in one.fields if field != name]}
        for one in record_type.blocks
    ]
    for one in blocks:
        if one["key"] == block:
            one["fields"].append(name)
    metadata.arrange(record_type, blocks)
