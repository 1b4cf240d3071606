"""`kariz import`: files into records by a plan, as one batch."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kariz.accounts.models import User
from kariz.core.access import Forbidden
from kariz.features.transfer import plans, running, sources
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.targets import target_of


class Command(BaseCommand):
    help = "Import files into records, as a plan says. What fails is listed; all of it is one batch that can be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, nargs="?", default=".", help="the folder that holds the files of the plan"
        )
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--plan", type=Path, help="a TOML file; see docs/import.md")
        what.add_argument("--resume", type=int, metavar="IMPORT", help="go on with an import that was killed")
        parser.add_argument("--user", help="import as this user (default: the program itself)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *, resume: int | None, dry_run: bool, json: bool, **options: Any) -> None:
        if resume and dry_run:
            raise CommandError("--dry-run goes with --plan.")
        try:
            run = _unfinished(resume) if resume else _begun(**options)
            report = self._dry_report(run) if dry_run else self._report(self._carry_out(run))
        except (plans.BadPlan, sources.Unreadable, Forbidden) as error:
            raise CommandError(str(error)) from error
        self._print(report, as_json=json)

    def _carry_out(self, run: Import) -> Import:
        shown = sys.stderr.isatty()
        self.stderr.write(
            f"Import {run.pk}. Should it be killed: kariz import --resume {run.pk}", self.style.NOTICE
        )

        def progress(done: int, total: int) -> None:
            if shown:
                self.stderr.write(f"\r{done:,} of {total:,} rows", ending="")

        return running.carry_out(run, progress)

    def _dry_report(self, run: Import) -> dict[str, Any]:
        """The same import in a transaction that is rolled back."""
        with transaction.atomic():
            report = self._report(self._carry_out(run))
            transaction.set_rollback(True)
        for file in run.files.all():
            file.file.delete(save=False)
        run.delete()
        return report | {"batch": None}

    def _report(self, run: Import) -> dict[str, Any]:
        return {
            "import": run.pk,
            "batch": run.batch_id,
            "files": [
                {
                    "file": file.name,
                    "type": file.plan["type"],
                    "rows": file.next_row,
                    "created": file.created_count,
                    "failed": file.failed_count,
                    "failures": [
                        {"row": failure.number, "reasons": failure.reasons}
                        for failure in file.failures.all()[:20]
                    ],
                }
                for file in run.files.all()
            ],
        }

    def _print(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for file in report["files"]:
            self.stdout.write(
                f"{file['file']}: {file['rows']:,} rows, {file['created']:,} written as {file['type']}, "
                f"{file['failed']:,} failed"
            )
            for failure in file["failures"]:
                self.stdout.write(f"  row {failure['row']}: {' '.join(failure['reasons'])}")
        if report["batch"]:
            self.stdout.write(f"All of it is batch {report['batch']}, which can be undone.")


def _begun(*, folder: Path, plan: Path, user: str | None, **_: Any) -> Import:
    person = User.objects.filter(username=user).first() if user else None
    if user and person is None:
        raise CommandError(f"There is no user {user!r}.")
    with transaction.atomic():
        return prepare(plans.read(plan), folder, plan.stem, person)


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
            ImportFile.objects.create(
                of=run, position=position, name=path.name, file=File(content, name=path.name),
                encoding=source.encoding, delimiter=source.delimiter, header=source.header, row_count=source.count(),
                plan=step.as_json() | {"quote": source.quote, "has_header": source.has_header},
            )  # fmt: skip
    return run
