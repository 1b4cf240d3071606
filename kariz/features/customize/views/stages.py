"""Pipelines and the stages of each."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kariz.core import choices, picklists
from kariz.core.models import Choice
from kariz.core.registry import RecordType
from kariz.features.customize import pages, sections
from kariz.features.customize.doors import choice_or_404, type_or_404
from kariz.features.customize.forms.choices import PipelineForm
from kariz.features.customize.views.picklists import address
from kariz.web.doors import for_administrators


@for_administrators
def stages(request: HttpRequest, type_name: str) -> HttpResponse:
    record_type = type_or_404(type_name)
    if not record_type.path:
        raise Http404
    group = sections.group_of(record_type)
    pipelines = choices.of(record_type.name, group, hidden=True) if group else []
    current = _current(pipelines, request.GET.get("pipeline", ""))
    held = choices.of(record_type.name, record_type.path, current.key if current else None, hidden=True)
    context = {
        "field": record_type.all_fields[record_type.path],
        "group": record_type.all_fields[group] if group else None,
        "pipelines": pipelines,
        "current": current,
        "choices": held,
        "percent": _percent(record_type),
    }
    return pages.show(request, "customize/stages.html", "stages", record_type=record_type, **context)


def _current(pipelines: list[Choice], key: str) -> Choice | None:
    """The pipeline that is asked for, else the default one, else the first."""
    by_key = {pipeline.key: pipeline for pipeline in pipelines}
    default = next((pipeline for pipeline in pipelines if pipeline.is_default), None)
    return by_key.get(key) or default or next(iter(pipelines), None)


def _percent(record_type: RecordType) -> str:
    """The field whose value stages set in percent: the probability of success."""
    return next((one.name for one in record_type.fields.values() if one.type.name == "percent"), "")


@for_administrators
def add_pipeline(request: HttpRequest, type_name: str) -> HttpResponse:
    record_type, group = _grouped(type_name)
    form = PipelineForm(record_type, None, pages.sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = picklists.add_group(record_type, group, **form.cleaned_data)
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            text = _("The pipeline “%(pipeline)s” is added.") % {"pipeline": added.label}
            return pages.go(request, address(record_type, group, added.key), text)
    back = address(record_type, group)
    title = _("Add pipeline")
    return pages.ask(request, title, "customize/_plain.html", form=form, back=back, verb=title)


@for_administrators
def change_pipeline(request: HttpRequest, type_name: str, pk: int) -> HttpResponse:
    record_type, group = _grouped(type_name)
    choice = choice_or_404(record_type, group, pk)
    form = PipelineForm(record_type, choice, pages.sent(request))
    back = address(record_type, group, choice.key)
    if request.method == "POST" and form.is_valid():
        try:
            picklists.change_choice(choice, **form.cleaned_data)
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            return pages.go(request, back, _("The pipeline is saved."))
    return pages.ask(request, _(choice.label), "customize/_plain.html", form=form, back=back)


def _grouped(type_name: str) -> tuple[RecordType, str]:
    record_type = type_or_404(type_name)
    group = sections.group_of(record_type)
    if not group:
        raise Http404
    return record_type, group
