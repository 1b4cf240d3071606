"""Imports for programs: a file and a plan are sent, tried out or run by a worker, followed and stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api import bodies, schemas, shapes
from kariz.api.endpoints import Answer, Call, Parameter, endpoint
from kariz.api.problems import Problem
from kariz.core import registry
from kariz.core.records import Invalid
from kariz.features.transfer import guessing, preparing, running
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.outcomes import Tally
from kariz.features.transfer.plans import BadPlan, Step
from kariz.features.transfer.sources import Source, Unreadable, recognise
from kariz.features.transfer.targets import RecordTarget, Target, target_of

LISTED = 100
FAILED_ROW = schemas.shape({"row": schemas.NUMBER, "reasons": schemas.array(schemas.TEXT)})
PROBLEM = schemas.shape(
    {"problem": schemas.TEXT, "count": schemas.NUMBER, "rows": schemas.array(schemas.NUMBER)}
)
IMPORT = schemas.shape(
    {
        "id": schemas.ID,
        "type": schemas.TEXT,
        "state": {"type": "string", "enum": ["draft", "waiting", "running", "done", "stopped", "failed"]},
        "is_dry_run": schemas.YES_NO,
        "is_checked": schemas.YES_NO,
        "done": schemas.NUMBER,
        "total": schemas.NUMBER,
        "batch": schemas.nullable(schemas.ID),
        "plan": {"type": "object"},
        **dict.fromkeys(("created", "updated", "skipped", "failed"), schemas.NUMBER),
        "problems": schemas.array(PROBLEM),
        "failures": schemas.array(FAILED_ROW),
    }
)
PLAN = Parameter(
    "plan",
    schemas.TEXT,
    gettext_lazy(
        "A step of a plan as JSON, as docs/import.md has it; columns that it does not name are guessed."
    ),
)
TYPE = Parameter("type", schemas.TEXT, gettext_lazy("What the rows become, where there is no plan."))
DRY_RUN = Parameter(
    "dry_run",
    {"type": "boolean", "default": False},
    gettext_lazy("Say what would happen, and write nothing."),
)


@endpoint(
    "POST", "imports",
    summary=gettext_lazy("Import a file"),
    about=gettext_lazy("A worker does it: ask for the import until its state is done. All of it is one batch."),
    file="file", query=(TYPE, PLAN, DRY_RUN), result=IMPORT, status=202,
)  # fmt: skip
def import_file(call: Call) -> Answer:
    said = _said(call)
    _demand(call, said["type"])
    run = Import.objects.create(user=call.user, label=_name(call))
    file = ImportFile(of=run, name=_name(call))
    file.file.save(file.name, call.files["file"], save=False)
    try:
        source = recognise(file.path)
        file.be_read_as(source)
        file.plan = _step(call, said, source).as_json() | {"file": file.name}
    except (Unreadable, BadPlan) as error:
        file.file.delete(save=False)
        raise Invalid({"plan" if isinstance(error, BadPlan) else "file": [str(error)]}) from None
    except BaseException:
        file.file.delete(save=False)
        raise
    file.save()
    if call.query["dry_run"]:
        preparing.ask(run, preparing.CHECK)
    else:
        run = running.start(run)
    return Answer(_row(run), status=202, headers={"Location": call.address(f"imports/{run.pk}")})


def _name(call: Call) -> str:
    return Path(str(call.files["file"].name)).name[:200]


def _said(call: Call) -> dict[str, Any]:
    """The plan as it was sent, its type at least. Raises `Invalid`."""
    said = bodies.parse(call.query["plan"]) if call.query.get("plan") else {}
    if not isinstance(said, dict):
        raise Invalid({"plan": [_("An object is needed.")]})
    said.setdefault("type", call.query.get("type", ""))
    if not isinstance(said["type"], str) or not said["type"]:
        raise Invalid({"type": [_("This is required.")]})
    return said


def _demand(call: Call, kind: str) -> None:
    """The caller may bring what the rows become: records, or, with everything, people. Raises a `Problem`."""
    if kind == "user":
        if not call.user.is_administrator:
            raise Problem(403, "forbidden", _("Only administrators import users."))
        call.demand_everything()
        return
    try:
        record_type = registry.get(kind)
    except KeyError:
        raise Invalid({"type": [_("There is no record type “%(name)s”.") % {"name": kind}]}) from None
    call.demand(record_type, "import")


def _step(call: Call, said: dict[str, Any], source: Source) -> Step:
    """The plan with the columns that it does not name guessed. Raises `BadPlan`."""
    try:
        step = Step.of(said)
    except TypeError:
        raise BadPlan(_("The plan cannot be read.")) from None
    _check(step)
    target = target_of(step, call.user)
    _demand_making(call, target, step)
    guessed = guessing.columns(source.header, target, suggested=source.suggest(target.labels))
    taken = set(step.columns.values())
    columns = {
        title: step.columns.get(title, "" if guessed[title] in taken else guessed[title])
        for title in source.header
    }
    if strange := [title for title in step.columns if title not in source.header]:
        raise BadPlan(_("The file has no column “%(name)s”.") % {"name": strange[0]})
    return Step(**(step.as_json() | {"columns": columns}))


def _demand_making(call: Call, target: Target, step: Step) -> None:
    """What is made on the way must be covered too: records by their verb, choices by everything. Raises a `Problem`."""
    if not isinstance(target, RecordTarget):
        return
    for field in map(target.record_type.all_fields.__getitem__, step.create):
        if field.target:
            call.demand(registry.get(field.target), "create")
        else:
            call.demand_everything()


_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_SHAPE = {
    "columns": _TEXTS,
    "values": {"type": "object", "additionalProperties": _TEXTS},
    "defaults": _TEXTS,
    "asked": _TEXTS,
    "create": schemas.array(schemas.TEXT),
    "match": schemas.array(schemas.TEXT),
    "exact": schemas.YES_NO,
}


def _check(step: Step) -> None:
    for name, schema in _SHAPE.items():
        for place, told in shapes.errors(getattr(step, name), schema).items():
            raise BadPlan(f"{name} {place}: {told[0]}")


@endpoint("GET", "imports/{id}", summary=gettext_lazy("How far an import is"), result=IMPORT)
def read_import(call: Call, pk: int) -> Answer:
    return Answer(_row(_own(call, pk)))


@endpoint("POST", "imports/{id}/run", summary=gettext_lazy("Run an import that was tried out"), result=IMPORT)
def run_import(call: Call, pk: int) -> Answer:
    run = _own(call, pk)
    if run.state != Import.State.DRAFT:
        raise Problem(409, "started", _("This import has been started already."))
    preparing.forget(run)
    return Answer(_row(running.start(run)), status=202)


@endpoint("POST", "imports/{id}/stop", summary=gettext_lazy("Stop an import"), result=IMPORT)
def stop_import(call: Call, pk: int) -> Answer:
    run = _own(call, pk)
    running.stop(run)
    run.refresh_from_db()
    return Answer(_row(run))


def _own(call: Call, pk: int) -> Import:
    mine = Import.objects.select_related("batch", "job", "user").filter(pk=pk)
    found = (mine if call.user.is_administrator else mine.filter(user=call.user)).first()
    if found is None or not (files := list(found.files.all())):
        raise Http404
    for file in files:
        _demand(call, file.plan["type"])
    return found


def _row(run: Import) -> dict[str, Any]:
    """An import of one file or several, their figures together; of a dry run what it found."""
    files = list(run.files.all())
    is_dry_run = run.state == Import.State.DRAFT
    tallies = [_tally(file, is_dry_run=is_dry_run) for file in files]
    failures = [
        {"row": one["number"], "reasons": one["reasons"]} for tally in tallies for one in tally.failures
    ]
    has_failed = preparing.has_failed(run) and run.state not in (Import.State.DONE, Import.State.STOPPED)
    return {
        "id": run.pk,
        "type": files[0].plan["type"],
        "state": "failed" if has_failed else run.state,
        "is_dry_run": is_dry_run,
        "is_checked": all(file.checked is not None for file in files),
        "done": sum(tally.rows for tally in tallies),
        "total": sum(file.row_count for file in files),
        "batch": run.batch_id,
        "plan": running.step_of(files[0]).as_json(),
        **{
            name: sum(getattr(one, name) for one in tallies)
            for name in ("created", "updated", "skipped", "failed")
        },
        "problems": [
            {"problem": kind, "count": count, "rows": rows}
            for tally in tallies
            for kind, count, rows in tally.worst
        ],
        "failures": failures[:LISTED],
    }


def _tally(file: ImportFile, *, is_dry_run: bool) -> Tally:
    if is_dry_run:
        return Tally(**(file.checked or {}))
    failures = [{"number": one.number, "reasons": one.reasons} for one in file.failures.all()[:LISTED]]
    return Tally(
        file.created_count, file.updated_count, file.skipped_count, file.failed_count,
        problems=file.problems, failures=failures,
    )  # fmt: skip
