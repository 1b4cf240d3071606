"""The values of a type's choice fields."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz.core import choices, picklists
from kariz.core.registry import RecordType
from kariz.features.customize import pages, sections
from kariz.features.customize.doors import choice_field_or_404, type_or_404
from kariz.web.doors import for_administrators


def address(record_type: RecordType, field: str, group: str = "") -> str:
    """The page on which the choices of a field are edited."""
    if field in (record_type.path, sections.group_of(record_type)):
        url = reverse("customize:stages", args=[record_type.name])
        return f"{url}?pipeline={group}" if group else url
    return reverse("customize:picklist", args=[record_type.name, field])


@for_administrators
def first(request: HttpRequest, type_name: str) -> HttpResponse:
    """The first choice field of the type."""
    record_type = type_or_404(type_name)
    fields = sections.choice_fields(record_type)
    if not fields:
        raise Http404
    return redirect("customize:picklist", record_type.name, fields[0].name)


@for_administrators
def picklist(request: HttpRequest, type_name: str, name: str) -> HttpResponse:
    record_type = type_or_404(type_name)
    field = choice_field_or_404(record_type, name)
    if field not in sections.choice_fields(record_type):
        return redirect(address(record_type, name))
    context: dict[str, Any] = {
        "field": field,
        "fields": _links(record_type, field.name),
        "choices": choices.of(record_type.name, field.name, hidden=True),
    }
    return pages.show(request, "customize/picklist.html", "picklists", record_type=record_type, **context)


def _links(record_type: RecordType, current: str) -> list[sections.Link]:
    """The choice fields; the path and its pipelines lead to the page of stages."""
    names = [name for name in (sections.group_of(record_type), record_type.path) if name]
    names += [field.name for field in sections.choice_fields(record_type)]
    labels = {name: record_type.all_fields[name].label for name in names}
    return [
        sections.Link(label, address(record_type, name), is_current=name == current)
        for name, label in labels.items()
    ]


@require_POST
@for_administrators
def order(request: HttpRequest, type_name: str, name: str) -> HttpResponse:
    record_type = type_or_404(type_name)
    field = choice_field_or_404(record_type, name)
    group = request.POST.get("group", "")
    picklists.order_choices(record_type, field.name, request.POST.getlist("choice"), group)
    return pages.stay(request, _("The order is saved."), address(record_type, name, group))
