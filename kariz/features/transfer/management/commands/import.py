"""`kariz import`: files into records, by a plan or as the options say, as one batch."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kariz.accounts.models import User
from kariz.core import registry
from kariz.core.access import Forbidden
from kariz.core.management import arguments
from kariz.features.transfer import checking, guessing, plans, running, sources
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.outcomes import Tally
from kariz.features.transfer.targets import target_of


class Command(BaseCommand):
    help = "Import files into records. What fails is listed; all of it is one batch that can be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            type=Path,
            nargs="?",
            default=".",
            help="the file, or the folder that holds the files of a plan",
        )
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--type", metavar="TYPE", help="what the rows of the file become, such as lead")
        what.add_argument("--plan", type=Path, help="a TOML file; see docs/import.md")
        what.add_argument(
            "--exact",
            action="store_true",
            help="the folder holds what “kariz export all” wrote: bring it back as it was",
        )
        what.add_argument("--resume", type=int, metavar="IMPORT", help="go on with an import that was killed")
        pairs: dict[str, Any] = {"action": "append", "default": [], "metavar": "NAME=VALUE"}
        parser.add_argument(
            "--map", help="column=field, or column= to leave it out; other columns are guessed", **pairs
        )
        parser.add_argument("--default", help="field=value, where the file has none", **pairs)
        parser.add_argument(
            "--create",
            action="append",
            default=[],
            metavar="FIELD",
            help="its unknown values become new choices, or new records of that name",
        )
        parser.add_argument(
            "--match", action="append", default=[], metavar="KEY",
            help="a field, or several joined by +, by which rows are recognised; repeat for the next best",
        )  # fmt: skip
        parser.add_argument(
            "--on-match",
            choices=plans.ON_MATCH,
            default=plans.UPDATE,
            help="what to do with rows that are known",
        )
        parser.add_argument("--user", default="", help="import as this user (default: the program itself)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--background", action="store_true", help="leave the writing to a worker")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(
        self, *, resume: int | None, dry_run: bool, background: bool, json: bool, **options: Any
    ) -> None:
        if dry_run and (resume or background):
            raise CommandError("--dry-run goes with --plan or --type, and not with --background.")
        try:
            run = _unfinished(resume) if resume else _begun(**options)
            if dry_run:
                report = self._dry_report(run)
            else:
                report = self._report(running.start(run) if background else self._carry_out(run))
        except (plans.BadPlan, sources.Unreadable, Forbidden) as error:
            raise CommandError(str(error)) from error
        self._print(report, as_json=json)

    def _carry_out(self, run: Import) -> Import:
        self.stderr.write(
            f"Import {run.pk}. Should it be killed: kariz import --resume {run.pk}", self.style.NOTICE
        )
        Import.objects.filter(pk=run.pk, state=Import.State.STOPPED).update(state=Import.State.WAITING)
        return running.carry_out(run, self._progress)

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} rows and links", ending="" if done < total else "\n")

    def _dry_report(self, run: Import) -> dict[str, Any]:
        """What checking finds; of the import itself nothing is left."""
        try:
            checking.check(run, self._progress)
            files = list(run.files.all())
            made: Counter[str] = Counter()
            for file in files:
                made.update(
                    {kind: count for kind, (count, _names) in Tally(**(file.checked or {})).made.items()}
                )
            return {
                "import": None,
                "batch": None,
                "made": made,
                "files": [_checked(file) for file in files],
            }
        finally:
            for file in run.files.all():
                file.file.delete(save=False)
            run.delete()

    def _report(self, run: Import) -> dict[str, Any]:
        run.refresh_from_db()
        return {
            "import": run.pk,
            "batch": run.batch_id,
            "made": {kind: count for kind, (count, _names) in running.made(run).items()},
            "files": [_written(file) for file in run.files.all()],
        }

    def _print(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for file in report["files"]:
            self.stdout.write(
                f"{file['file']}: {file['rows']:,} rows as {file['type']}: {file['created']:,} created, "
                f"{file['updated']:,} updated, {file['skipped']:,} skipped, {file['failed']:,} failed"
            )
            for problem in file["problems"]:
                rows = ", ".join(map(str, problem["rows"]))
                self.stdout.write(f"  {problem['count']:,} x {problem['problem']} (rows {rows})")
            for failure in file["failures"]:
                self.stdout.write(f"  row {failure['row']}: {' '.join(failure['reasons'])}")
        for kind, count in report["made"].items():
            self.stdout.write(f"{count:,} {kind} records made for names that were not there")
        if report["batch"]:
            self.stdout.write(
                f"All of import {report['import']} is batch {report['batch']}, which can be undone."
            )


def _checked(file: ImportFile) -> dict[str, Any]:
    tally = Tally(**(file.checked or {}))
    failures = [{"row": one["number"], "reasons": one["reasons"]} for one in tally.failures]
    return _counted(file, tally, failures)


def _written(file: ImportFile) -> dict[str, Any]:
    tally = Tally(
        file.created_count, file.updated_count, file.skipped_count, file.failed_count, problems=file.problems
    )
    failures = [{"row": one.number, "reasons": one.reasons} for one in file.failures.all()[:20]]
    return _counted(file, tally, failures)


def _counted(file: ImportFile, tally: Tally, failures: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "file": file.name,
        "type": file.plan["type"],
        "rows": tally.rows,
        "created": tally.created,
        "updated": tally.updated,
        "skipped": tally.skipped,
        "failed": tally.failed,
        "problems": [{"problem": kind, "count": count, "rows": rows} for kind, count, rows in tally.worst],
        "failures": failures,
    }


def _begun(*, path: Path, plan: Path | None, user: str, **options: Any) -> Import:
    person = arguments.user(user)
    with transaction.atomic():
        if plan:
            return prepare(plans.read(plan), path, plan.stem, person)
        if options["exact"]:
            return prepare(_exact_steps(path, person), path, path.name, person)
        return prepare([_step(path, person, **options)], path.parent, path.name, person)


def _exact_steps(folder: Path, user: User | None) -> list[plans.Step]:
    """A step for each file in the folder that is called as a record type is, its columns by the fields' names."""
    files = {path.stem: path for path in sorted(folder.iterdir())} if folder.is_dir() else {}
    steps = []
    for one in registry.every():
        if path := files.get(one.name):
            known = target_of(plans.Step(one.name, exact=True), user).labels
            header = sources.recognise(path).header
            columns = {title: title if title in known else "" for title in header}
            steps.append(plans.Step(one.name, path.name, columns, exact=True))
    if not steps:
        raise CommandError(f"{folder} holds no file that is called as a record type is, such as lead.csv.")
    return steps


def _step(path: Path, user: User | None, **options: Any) -> plans.Step:
    """The step that the options say, the columns they do not name guessed."""
    if not path.is_file():
        raise CommandError(f"{path} is not there.")
    if options["type"] not in {"user", *(one.name for one in registry.every())}:
        raise plans.BadPlan(f"There is no record type “{options['type']}”.")
    source = sources.recognise(path)
    header = source.header
    said = _pairs("--map", options["map"])
    if strange := [title for title in said if title not in header]:
        raise plans.BadPlan(f"{path} has no column {strange[0]!r}; it has: {', '.join(header)}.")
    target = target_of(plans.Step(options["type"]), user)
    guessed = guessing.columns(header, target, suggested=source.suggest(target.labels))
    taken = set(said.values())
    columns = {title: said.get(title, "" if guessed[title] in taken else guessed[title]) for title in header}
    return plans.Step.of(
        {
            "type": options["type"],
            "file": path.name,
            "columns": columns,
            "defaults": _pairs("--default", options["default"]),
            "create": options["create"],
            "match": options["match"],
            "on_match": options["on_match"] if options["match"] else plans.CREATE,
        }
    )


def _pairs(option: str, given: list[str]) -> dict[str, str]:
    found = {}
    for pair in given:
        name, sign, value = pair.rpartition("=") if option == "--map" else pair.partition("=")
        if not sign:
            raise CommandError(f"{option} takes NAME=VALUE, not {pair!r}.")
        found[name.strip()] = value.strip()
    return found


def _unfinished(pk: int) -> Import:
    run = Import.objects.exclude(state=Import.State.DRAFT).filter(pk=pk).first()
    if run is None or run.state == Import.State.DONE:
        raise CommandError(f"Import {pk} is done." if run else f"There is no import {pk}.")
    return run


def prepare(steps: list[plans.Step], folder: Path, label: str, user: User | None) -> Import:
    """An import over the files that the plan names in `folder`. Raises `BadPlan` and `Unreadable`."""
    for step in steps:
        target_of(step, user)  # whatever is wrong with a later step is said before the first one writes
    run = Import.objects.create(user=user, label=label, state=Import.State.WAITING)
    for position, step in enumerate(steps):
        path = folder / step.file
        if not path.is_file():
            raise plans.BadPlan(f"{path} is not there.")
        source = sources.recognise(path)
        missing = [title for title in step.columns if title not in source.header]
        if missing:
            raise plans.BadPlan(f"{path} has no column {missing[0]!r}; it has: {', '.join(source.header)}.")
        with path.open("rb") as content:
            file = ImportFile(of=run, position=position, name=path.name, plan=step.as_json())
            file.be_read_as(source)
            file.file.save(path.name, File(content))
    return run
