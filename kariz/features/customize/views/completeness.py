"""The completeness norm: the fields that a complete record has."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kariz.core import metadata
from kariz.core.registry import RecordType
from kariz.features.customize import pages
from kariz.features.customize.doors import type_or_404
from kariz.web.doors import for_administrators


@for_administrators
def completeness(request: HttpRequest, type_name: str) -> HttpResponse:
    record_type = type_or_404(type_name)
    if request.method == "POST":
        names = [name for name in record_type.fields if name in request.POST.getlist("expected")]
        metadata.expect(record_type, names)
        url = reverse("customize:completeness", args=[record_type.name])
        return pages.go(
            request, url, _("The norm is saved. Every record is measured again in the background.")
        )
    context: dict[str, Any] = {"record_type": record_type, "parts": _parts(record_type)}
    return pages.show(request, "customize/completeness.html", "completeness", **context)


def _parts(record_type: RecordType) -> list[tuple[object, list[tuple[str, object, bool]]]]:
    """Each block with its fields, and whether they are expected. What is computed or always there says nothing."""
    expected = record_type.expected_fields
    return [
        (
            block.label,
            [
                (field.name, field.label, field.name in expected)
                for field in (record_type.fields[name] for name in block.fields)
                if (not field.is_readonly and field.type.name != "yes_no") or field.name in expected
            ],
        )
        for block in record_type.blocks
    ]
