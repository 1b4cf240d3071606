"""How rows are recognised that are records already, and what to do with those."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from kariz.features.transfer import matching, preparing, running
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.plans import CREATE, MERGE_EMPTY, ON_MATCH, SKIP, UPDATE, BadPlan, Step
from kariz.features.transfer.targets import RecordTarget, target_of
from kariz.features.transfer.views.steps import drafted, page, store
from kariz.web.doors import reader

WAYS = {
    MERGE_EMPTY: (_("Fill in what is empty"), _("What is there stays; the file only adds to it.")),
    UPDATE: (_("Update"), _("What the file says replaces what is there. Empty cells change nothing.")),
    SKIP: (_("Skip the row"), _("What is there stays as it is.")),
    CREATE: (_("Create another record all the same"), _("Nothing is looked up.")),
}


@drafted
def matches(request: HttpRequest, run: Import) -> HttpResponse:
    try:
        questions = [question for file in run.files.all() if (question := _question(file, request))]
    except BadPlan as error:
        messages.error(request, str(error))
        return redirect("transfer:columns", run.pk, run.files.all()[0].pk)
    if request.method == "POST":
        for question in questions:
            store(question["file"], _answered(request, question))
        preparing.forget(run, preparing.CHECK)
        return redirect("transfer:check", run.pk)
    if not questions:
        return redirect("transfer:check", run.pk)
    return page(request, "matches", "matches", run=run, questions=questions)


def _question(file: ImportFile, request: HttpRequest) -> dict[str, Any] | None:
    """What is asked about one file; None where none of its fields tells records apart."""
    step = running.step_of(file)
    target = target_of(step, reader(request))
    if not isinstance(target, RecordTarget):
        return None
    mapped = dict.fromkeys(name for name in step.columns.values() if name)
    keys = matching.offered(target.record_type, mapped)
    if not keys:
        return None
    is_answered = "match" in file.plan and (
        step.match or step.on_match != CREATE or "asked_match" in file.plan
    )
    chosen = step.match if is_answered else matching.suggested(keys)
    way = step.on_match if is_answered else MERGE_EMPTY if chosen else CREATE
    return {
        "file": file,
        "step": step,
        "kind": target.record_type.plural,
        "keys": [{"name": key.name, "label": key.label, "is_chosen": key.name in chosen} for key in keys],
        "ways": [
            {"name": name, "label": label, "help": text, "is_chosen": name == way}
            for name, (label, text) in WAYS.items()
        ],
    }


def _answered(request: HttpRequest, question: dict[str, Any]) -> Step:
    file, step = question["file"], question["step"]
    offered = [key["name"] for key in question["keys"]]
    chosen = set(request.POST.getlist(f"match_{file.pk}"))
    way = request.POST.get(f"on_match_{file.pk}", CREATE)
    file.plan["asked_match"] = True
    return Step.of(
        step.as_json()
        | {
            "match": [name for name in offered if name in chosen],
            "on_match": way if way in ON_MATCH else CREATE,
        }
    )
