"""Which field each column becomes, fields that are made on the way, and what to put where the file says nothing."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from kariz.core import choices, metadata
from kariz.core.fieldtypes import TYPES
from kariz.features.transfer import guessing, preparing, running
from kariz.features.transfer.joining import JOINED
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.plans import BadPlan, Step
from kariz.features.transfer.targets import RecordTarget, Target, target_of
from kariz.features.transfer.views.reading import described
from kariz.features.transfer.views.steps import drafted, kinds, page, store
from kariz.web.doors import reader

SAMPLES = 4
SAMPLED = 200
MORE = 3
NEW = "=new:"
MADE_HERE = ("text", "number", "date", "choice", "yes_no", "money", "email", "phone", "url", "long_text")


@drafted
def columns(request: HttpRequest, run: Import, file_pk: int) -> HttpResponse:
    file = get_object_or_404(run.files, pk=file_pk)
    step = running.step_of(file)
    kind = request.POST.get("type") or request.GET.get("type") or step.type
    if kind not in {one["name"] for one in kinds(reader(request))}:
        raise PermissionDenied
    is_afresh = kind != step.type or "afresh" in request.GET
    if is_afresh:
        step = Step(kind, file=file.name)
    try:
        target = target_of(step, reader(request))
    except BadPlan as error:  # a saved plan that fits no more, or not this person
        messages.error(request, str(error))
        step = Step(kind, file=file.name)
        target = target_of(step, reader(request))
    errors: list[str] = []
    if request.method == "POST" and "columns" in request.POST:
        step, errors = _answered(request, file, step, target)
        if not errors:
            store(file, step)
            preparing.forget(run, preparing.SURVEY, preparing.CHECK)
            return _onward(run, file)
    source = file.source()
    rows = list(islice(source.rows(), SAMPLED))
    samples = [[row[n] for row in rows if row[n].strip()] for n in range(len(file.header))]
    guessed = step.columns or guessing.columns(
        file.header, target, samples, suggested=source.suggest(target.labels)
    )
    context = {
        "run": run, "file": file, "kind": kind, "kinds": kinds(reader(request)), "errors": errors,
        "columns": _described(file, guessed, samples), "labels": target.labels,
        "reading": described(source), "new_types": _new_types(request, target), "defaults": _defaults(target, step),
        "more": range(MORE), "recalled": "" if is_afresh else file.plan.get("recalled", ""),
    }  # fmt: skip
    return page(request, "columns", "columns", status=422 if errors else 200, **context)


def _onward(run: Import, file: ImportFile) -> HttpResponse:
    later = run.files.filter(position__gt=file.position).first()
    return redirect("transfer:columns", run.pk, later.pk) if later else redirect("transfer:values", run.pk)


def _described(file: ImportFile, guessed: dict[str, str], samples: list[list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "number": n,
            "title": title,
            "field": guessed.get(title, ""),
            "samples": list(dict.fromkeys(samples[n]))[:SAMPLES],
            "shape": guessing.shape(samples[n]) or "text",
        }
        for n, title in enumerate(file.header)
    ]


def _new_types(request: HttpRequest, target: Target) -> list[tuple[str, Any]]:
    """The types of field that this person may add here."""
    may = reader(request).is_administrator and isinstance(target, RecordTarget)
    return [(f"{NEW}{name}", TYPES[name].label) for name in MADE_HERE] if may else []


def _answered(request: HttpRequest, file: ImportFile, step: Step, target: Target) -> tuple[Step, list[str]]:
    """The step as the person has said, and what is wrong with it. Makes the new fields when nothing is."""
    chosen = {title: request.POST.get(f"column_{n}", "") for n, title in enumerate(file.header)}
    named = [name for name in chosen.values() if name and not name.startswith(NEW)]
    twice = sorted({name for name in named if named.count(name) > 1 and not _is_joined(target, name)})
    errors = [
        _("“%(field)s” is chosen for two columns. Choose it once.") % {"field": target.labels.get(name, name)}
        for name in twice
    ]
    if not any(chosen.values()):
        errors.append(_("Choose a field for at least one column."))
    create = set(step.create)
    if not errors:
        try:
            chosen, made = _with_new_fields(
                chosen, target, {value for value, _label in _new_types(request, target)}
            )
        except ValidationError as error:
            errors += error.messages
        else:
            create |= made
    said = _said(request, target)
    asked = {name: text for name, text in said.items() if name in _asked_for(target)}
    defaults = {name: text for name, text in said.items() if name not in asked}
    mapped = set(chosen.values())
    match = [key for key in step.match if set(key.split("+")) <= mapped]
    answered = Step(
        step.type,
        file.name,
        chosen,
        step.values,
        defaults,
        asked,
        sorted(create & mapped),
        match,
        step.on_match,
    )
    return answered, errors


def _is_joined(target: Target, name: str) -> bool:
    return isinstance(target, RecordTarget) and target.record_type.all_fields[name].type.name in JOINED


def _said(request: HttpRequest, target: Target) -> dict[str, str]:
    """Field → value for rows that say nothing of it, the fields included that the person has named himself."""
    said = {name: request.POST.get(f"default_{name}", "") for name in target.labels}
    for n in range(MORE):
        name = request.POST.get(f"more_{n}", "")
        if name in target.labels:
            said[name] = request.POST.get(f"more_value_{n}", "")
    return {name: text.strip() for name, text in said.items() if text.strip()}


@transaction.atomic
def _with_new_fields(
    chosen: dict[str, str], target: Target, allowed: set[str]
) -> tuple[dict[str, str], set[str]]:
    """The columns with the fields that were asked for made, and those of them whose choices the file brings."""
    made: set[str] = set()
    mapped = dict(chosen)
    for title, wanted in chosen.items():
        if wanted not in allowed or not isinstance(target, RecordTarget):
            mapped[title] = "" if wanted.startswith(NEW) else wanted
            continue
        kind = wanted.removeprefix(NEW)
        setting = metadata.add_field(target.record_type, label=title[:100], type=kind)
        mapped[title] = setting.name
        made |= {setting.name} if kind == "choice" else set()
    return mapped, made


def _asked_for(target: Target) -> set[str]:
    """The fields that stages of the type ask for: their value is for the rows of those stages only."""
    if not isinstance(target, RecordTarget) or not target.record_type.path:
        return set()
    stages = choices.of(target.record_type.name, target.record_type.path)
    return {name for stage in stages for name in stage.asks}


def _defaults(target: Target, step: Step) -> list[dict[str, Any]]:
    """The fields for which a file mostly needs a value of its own: required ones, and those that stages ask for."""
    if not isinstance(target, RecordTarget):
        return []
    asked = _asked_for(target)
    said = {*asked, *step.defaults}
    wanted = [
        field
        for field in target.record_type.fields.values()
        if not field.is_readonly and (field.is_required or field.name in said)
    ]
    return [
        {
            "name": field.name,
            "label": field.label,
            "is_required": field.is_required,
            "is_asked": field.name in asked,
            "value": step.defaults.get(field.name, "") or step.asked.get(field.name, ""),
            "choices": [(one.key, _(one.label)) for one in choices.of(field.record_type, field.name)],
        }
        for field in wanted
    ]
