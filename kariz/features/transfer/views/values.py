"""What the unknown values of all files stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kariz.core import registry
from kariz.features.transfer import creating, preparing, running, surveying
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.plans import BadPlan, Step
from kariz.features.transfer.targets import RecordTarget, target_of
from kariz.features.transfer.views.steps import drafted, page, store, wait
from kariz.web.doors import reader

if TYPE_CHECKING:
    from kariz.core.fields import Field

FAIL, EMPTY, CREATE = "=fail", "=empty", "=create"
"""What becomes of a value that is nobody's name. `CREATE` and `FAIL` are said for all values of a field at once."""


@drafted
def values(request: HttpRequest, run: Import) -> HttpResponse:
    try:
        if not surveying.is_needed(run):
            return redirect("transfer:matches", run.pk)
        waiting = wait(request, run, "values", preparing.SURVEY)
    except BadPlan as error:
        messages.error(request, str(error))
        return redirect("transfer:columns", run.pk, run.files.all()[0].pk)
    if waiting:
        return waiting
    files = list(run.files.all())
    if request.method == "POST":
        for file in files:
            store(file, _with_values(request, file))
        preparing.forget(run, preparing.SURVEY, preparing.CHECK)
        return redirect("transfer:matches", run.pk)
    questions = [question for file in files for question in _questions(file, request)]
    if not questions:
        return redirect("transfer:matches", run.pk)
    return page(request, "values", "values", run=run, questions=questions)


def _questions(file: ImportFile, request: HttpRequest) -> list[dict[str, Any]]:
    target = target_of(running.step_of(file), reader(request))
    if not isinstance(target, RecordTarget) or not file.unknown:
        return []
    fields = target.record_type.all_fields
    return [
        {
            "file": file,
            "name": name,
            "label": fields[name].label,
            "create": _may_create(fields[name], request),
            "is_creating": name in target.step.create,
            "options": found["offered"],
            "more": found["count"] - len(found["texts"]),
            "unknown": [
                {"key": f"{file.pk}_{name}_{n}", "text": text, "count": count, "nearest": nearest}
                for n, (text, count, nearest) in enumerate(found["texts"])
            ],
        }
        for name, found in file.unknown.items()
        if name in fields
    ]


def _may_create(field: Field, request: HttpRequest) -> str:
    """What this person can have made of the unknown values of a field, as a sentence; empty where nothing."""
    if creating.obstacle(field, reader(request)):
        return ""
    if field.type.name in creating.CHOICES:
        return _("Add them as new choices")
    return _("Make new records of them (%(plural)s)") % {"plural": registry.get(field.target).plural}


def _with_values(request: HttpRequest, file: ImportFile) -> Step:
    """The step with what the person said: of each unknown value a known name or empty, of the rest of a field one."""
    step = running.step_of(file)
    mapped = {name: dict(texts) for name, texts in step.values.items()}
    for name, text, said in _said(request, f"value_{file.pk}"):
        if said != FAIL:
            mapped.setdefault(name, {})[text] = "" if said == EMPTY else said
    create = set(step.create)
    for question in _questions(file, request):
        said = request.POST.get(f"rest_{file.pk}:{question['name']}", FAIL)
        create -= {question["name"]}
        create |= {question["name"]} if said == CREATE and question["create"] else set()
    return Step.of(step.as_json() | {"values": mapped, "create": sorted(create)})


def _said(request: HttpRequest, prefix: str) -> Iterator[tuple[str, str, str]]:
    """(field, text, answer) of each unknown value of a file."""
    for key, said in request.POST.items():
        start, _sign, rest = key.partition(":")
        name, _sign, text = rest.partition(":")
        if start == prefix:
            yield name, text, str(said)
