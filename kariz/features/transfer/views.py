"""The import wizard: upload, columns, values, check, run, report. Nothing is written before "Run"."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz.accounts.models import User
from kariz.core import access, changes, choices, registry
from kariz.features.transfer import guessing, running, surveying
from kariz.features.transfer.models import Import, ImportFile, SavedPlan
from kariz.features.transfer.plans import BadPlan, Step
from kariz.features.transfer.sources import Unreadable, recognise
from kariz.features.transfer.targets import RecordTarget, target_of
from kariz.web.doors import reader

SAMPLES = 4
MOST_FILES = 10
LARGEST_FILE = 200 * 1024 * 1024
STEPS = ("upload", "columns", "values", "check", "run")


def kinds(user: User) -> list[dict[str, str]]:
    """What files can become, for this user."""
    found = [
        {"name": one.name, "label": str(one.plural)}
        for one in registry.every()
        if access.may_create(one, user)
    ]
    return found + ([{"name": "user", "label": _("Users and teams")}] if user.is_administrator else [])


def _own(request: HttpRequest, pk: int) -> Import:
    mine = Import.objects.select_related("batch", "job", "user")
    return get_object_or_404(
        mine if reader(request).is_administrator else mine.filter(user=reader(request)), pk=pk
    )


def _page(
    request: HttpRequest, template: str, step: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    place = STEPS.index(step)
    names = (_("Upload"), _("Columns"), _("Values"), _("Check"), _("Run"))
    steps = [{"name": name, "is_done": n < place, "is_current": n == place} for n, name in enumerate(names)]
    return render(request, f"transfer/{template}.html", {"steps": steps, **context}, status=status)


def upload(request: HttpRequest) -> HttpResponse:
    if not kinds(reader(request)):
        raise PermissionDenied
    errors: list[str] = []
    if request.method == "POST":
        try:
            run = _receive(request)
        except Unreadable as error:
            errors = [str(error)]
        else:
            return redirect("transfer:columns", run.pk, run.files.all()[0].pk)
    context = {
        "kinds": kinds(reader(request)),
        "chosen": request.GET.get("type", ""),
        "plans": SavedPlan.objects.all(),
        "recent": Import.objects.filter(user=reader(request))
        .exclude(state=Import.State.DRAFT)
        .order_by("-pk")[:10],
        "errors": errors,
    }
    return _page(request, "upload", "upload", status=422 if errors else 200, **context)


def _receive(request: HttpRequest) -> Import:
    """Keep the uploaded files as a draft of an import. Raises `Unreadable`."""
    uploaded = request.FILES.getlist("files")[:MOST_FILES]
    if not uploaded:
        raise Unreadable(_("Choose a file first."))
    plan = SavedPlan.objects.filter(pk=request.POST.get("plan") or 0).first()
    steps = {step["file"]: step for step in plan.steps} if plan else {}
    with transaction.atomic():
        run = Import.objects.create(
            user=reader(request), label=", ".join(str(one.name) for one in uploaded)[:200]
        )
        for position, one in enumerate(uploaded):
            if (one.size or 0) > LARGEST_FILE:
                raise Unreadable(_("“%(file)s” is larger than 200 MB. Split it.") % {"file": one.name})
            _keep(run, position, one, steps.get(str(one.name)), request)
    return run


def _keep(
    run: Import, position: int, uploaded: Any, step: dict[str, Any] | None, request: HttpRequest
) -> None:
    name = Path(str(uploaded.name)).name[:200]
    file = ImportFile(of=run, position=position, name=name, encoding="", delimiter="")
    file.file.save(name, uploaded, save=False)
    try:
        source = recognise(Path(file.file.path))
    except Unreadable as error:
        file.file.delete(save=False)
        raise Unreadable(f"{name}: {error}") from None
    file.encoding, file.delimiter, file.header = source.encoding, source.delimiter, source.header
    file.row_count = source.count()
    kind = request.POST.get("type") or guessing.record_type(source.header, reader(request))
    plan = step or Step(kind, file=name).as_json()
    file.plan = plan | {"quote": source.quote, "has_header": source.has_header}
    file.save()


def columns(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Which field each column becomes, and what the file does not say."""
    run = _own(request, pk)
    file = get_object_or_404(run.files, pk=file_pk)
    step = running.step_of(file)
    kind = request.POST.get("type") or request.GET.get("type") or step.type
    if kind not in {one["name"] for one in kinds(reader(request))}:
        raise PermissionDenied
    if kind != step.type:
        step = Step(kind, file=file.name)
    target = target_of(step, reader(request))
    errors: list[str] = []
    if request.method == "POST" and "columns" in request.POST:
        step, errors = _mapped(request, file, step, target)
        if not errors:
            _store(file, step)
            return _after_columns(run, file)
    guessed = step.columns or guessing.columns(file.header, target)
    context = {
        "run": run, "file": file, "kind": kind, "kinds": kinds(reader(request)), "errors": errors,
        "columns": _described(file, guessed), "labels": target.labels, "defaults": _defaults(target, step),
    }  # fmt: skip
    return _page(request, "columns", "columns", status=422 if errors else 200, **context)


def _mapped(request: HttpRequest, file: ImportFile, step: Step, target: Any) -> tuple[Step, list[str]]:
    chosen = {title: request.POST.get(f"column_{n}", "") for n, title in enumerate(file.header)}
    named = [name for name in chosen.values() if name]
    twice = {name for name in named if named.count(name) > 1}
    errors = [
        _("“%(field)s” is chosen for two columns. Choose it once.") % {"field": target.labels.get(name, name)}
        for name in sorted(twice)
    ]
    if not named:
        errors.append(_("Choose a field for at least one column."))
    said = {name: text for name in target.labels if (text := request.POST.get(f"default_{name}", "").strip())}
    asked = {name: text for name, text in said.items() if name in _asked_for(target)}
    defaults = {name: text for name, text in said.items() if name not in asked}
    return Step(step.type, file.name, chosen, step.values, defaults, asked, step.create), errors


def _asked_for(target: Any) -> set[str]:
    """The fields that stages of the type ask for: their value is for the rows of those stages only."""
    if not isinstance(target, RecordTarget) or not target.record_type.path:
        return set()
    stages = choices.of(target.record_type.name, target.record_type.path)
    return {name for stage in stages for name in stage.asks}


def _store(file: ImportFile, step: Step) -> None:
    file.plan = file.plan | step.as_json()
    file.save(update_fields=["plan"])


def _after_columns(run: Import, file: ImportFile) -> HttpResponse:
    later = run.files.filter(position__gt=file.position).first()
    return redirect("transfer:columns", run.pk, later.pk) if later else redirect("transfer:values", run.pk)


def _described(file: ImportFile, guessed: dict[str, str]) -> list[dict[str, Any]]:
    rows = list(islice(running.source_of(file).rows(), 50))
    return [
        {
            "number": n,
            "title": title,
            "field": guessed.get(title, ""),
            "samples": list(dict.fromkeys(row[n] for row in rows if row[n].strip()))[:SAMPLES],
        }
        for n, title in enumerate(file.header)
    ]


def _defaults(target: Any, step: Step) -> list[dict[str, Any]]:
    """The fields for which a file may need a value of its own: required ones and choices."""
    if not isinstance(target, RecordTarget):
        return []
    fields = target.record_type.fields
    asked = _asked_for(target)
    wanted = [
        field
        for field in fields.values()
        if not field.is_readonly and (field.is_required or field.type.name == "choice" or field.name in asked)
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


def values(request: HttpRequest, pk: int) -> HttpResponse:
    """What the unknown values of all files stand for."""
    run = _own(request, pk)
    if request.method == "POST":
        for file in run.files.all():
            _store(file, _with_values(request, file))
        return redirect("transfer:check", run.pk)
    questions = [question for one in surveying.survey(run) for question in _questions(one, request)]
    if not questions:
        return redirect("transfer:check", run.pk)
    return _page(request, "values", "values", run=run, questions=questions)


def _questions(found: surveying.Survey, request: HttpRequest) -> list[dict[str, Any]]:
    target = target_of(running.step_of(found.file), reader(request))
    if not isinstance(target, RecordTarget):
        return []
    fields = target.record_type.all_fields
    return [
        {
            "file": found.file,
            "name": name,
            "label": fields[name].label,
            "may_create": fields[name].type.name == "choice" and reader(request).is_administrator,
            "options": found.offered[name],
            "unknown": [
                {"key": f"{found.file.pk}_{name}_{n}", "value": one} for n, one in enumerate(unknown)
            ],
        }
        for name, unknown in found.unknown.items()
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
        if said == "=create" and reader(request).is_administrator:
            create.add(name)
        elif said != "=fail":
            mapped.setdefault(name, {})[text] = "" if said == "=empty" else str(said)
    return Step(step.type, step.file, step.columns, mapped, step.defaults, step.asked, sorted(create))


def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What would happen, in numbers and samples; "Run" makes it happen."""
    run = _own(request, pk)
    if run.state != Import.State.DRAFT:
        return redirect("transfer:report", run.pk)
    if request.method == "POST":
        running.start(run)
        return redirect("transfer:report", run.pk)
    try:
        surveys = surveying.survey(run)
    except BadPlan as error:
        messages.error(request, str(error))
        return redirect("transfer:columns", run.pk, run.files.all()[0].pk)
    return _page(
        request, "check", "check", run=run, surveys=surveys, total=sum(one.file.row_count for one in surveys)
    )


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the import is, or what it did."""
    run = _own(request, pk)
    if run.state == Import.State.DRAFT:
        return redirect("transfer:values", run.pk)
    files = list(run.files.all())
    done, total = sum(file.next_row for file in files), sum(file.row_count for file in files)
    context: dict[str, Any] = {
        "run": run, "files": files, "done": done, "total": total,
        "is_over": run.state in (Import.State.DONE, Import.State.STOPPED),
        "failed": sum(file.failed_count for file in files), "created": sum(file.created_count for file in files),
        "may_undo": _may_undo(request, run),
    }  # fmt: skip
    return _page(request, "_report" if request.headers.get("HX-Request") else "report", "run", **context)


def _may_undo(request: HttpRequest, run: Import) -> bool:
    mine = run.batch is not None and changes.may_undo(run.batch, reader(request))
    return mine and not run.written_in.undone_by.exists()


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """End the import after the chunk that is being written; what stands can be undone, or gone on with."""
    run = _own(request, pk)
    if "resume" in request.POST and run.state == Import.State.STOPPED:
        running.start(run)
    elif run.state in (Import.State.WAITING, Import.State.RUNNING) and (run.job is None or run.job.cancel()):
        run.state = Import.State.STOPPED
        run.save(update_fields=["state"])
    return redirect("transfer:report", run.pk)


@require_POST
def save_plan(request: HttpRequest, pk: int) -> HttpResponse:
    run = _own(request, pk)
    name = request.POST.get("name", "").strip()[:100]
    if name:
        steps = [running.step_of(file).as_json() for file in run.files.all()]
        SavedPlan.objects.update_or_create(name=name, defaults={"steps": steps, "user": reader(request)})
        messages.success(request, _("The plan “%(name)s” was saved.") % {"name": name})
    return redirect("transfer:report", run.pk)


class _Line:
    """A file to which the csv module writes, and from which each line is taken at once."""

    def write(self, text: str) -> str:
        return text


def failures(request: HttpRequest, pk: int, file_pk: int) -> StreamingHttpResponse:
    """The rows that failed, as they stood in the file, with the reasons in a last column."""
    file = get_object_or_404(_own(request, pk).files, pk=file_pk)
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow([*file.header, _("Reason")])
        for failed in file.failures.iterator(chunk_size=1000):
            cells = [_defused(cell) for cell in failed.cells]
            yield writer.writerow([*cells, " ".join(failed.reasons)])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="failed-rows-{file.pk}.csv"'
    return response


def _defused(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    return cell.lstrip("+-").replace(".", "", 1).replace(",", "").isdigit()
