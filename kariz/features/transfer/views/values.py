"""What the unknown values of all files stand for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kariz.features.transfer import preparing, running, surveying
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.plans import BadPlan, Step
from kariz.features.transfer.targets import RecordTarget, target_of
from kariz.features.transfer.views.steps import drafted, page, store, wait
from kariz.web.doors import reader

FAIL, EMPTY, CREATE = "=fail", "=empty", "=create"


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
            "may_create": fields[name].type.name in ("choice", "choices")
            and reader(request).is_administrator,
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


def _with_values(request: HttpRequest, file: ImportFile) -> Step:
    """The step with what the person said of each unknown value: a known name, empty, or (kept as it is) failing."""
    step = running.step_of(file)
    mapped = {name: dict(texts) for name, texts in step.values.items()}
    create = set(step.create)
    for key, said in request.POST.items():
        prefix, _sign, rest = key.partition(":")
        if prefix != f"value_{file.pk}":
            continue
        name, _sign, text = rest.partition(":")
        if said == CREATE and reader(request).is_administrator:
            create.add(name)
        elif said not in (FAIL, CREATE):
            mapped.setdefault(name, {})[text] = "" if said == EMPTY else str(said)
    return Step.of(step.as_json() | {"values": mapped, "create": sorted(create)})
