"""`kariz export`: records into a file, on the command line."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.accounts.models import User
from kariz.core import registry
from kariz.core.access import Forbidden
from kariz.core.conditions import BadCondition
from kariz.core.management import arguments
from kariz.core.registry import RecordType
from kariz.features.export import orders, running
from kariz.features.export.formats import FORMATS, offered
from kariz.features.export.models import ExportRun
from kariz.features.export.orders import DELIMITERS, FORMS, VCARDS, Order

ALL = "all"


class Command(BaseCommand):
    help = "Write records to a file: CSV, a spreadsheet, cards or JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "record_type", metavar="TYPE", help="such as lead or opportunity; all: a file of each type"
        )
        parser.add_argument(
            "--output",
            type=Path,
            help="the file to write (default: standard output), of all types the folder",
        )
        parser.add_argument("--format", choices=FORMATS, default="csv")
        parser.add_argument(
            "--where", default="", metavar="JSON", help='such as {"all": [["stage", "is", "won"]]}'
        )
        parser.add_argument("--search", default="", metavar="TEXT", help="only records that this text finds")
        parser.add_argument("--sort", default="", metavar="FIELD", help="such as --sort=-amount")
        parser.add_argument(
            "--columns", default="", metavar="FIELDS", help="such as name,owner (default: all)"
        )
        parser.add_argument(
            "--form",
            choices=FORMS,
            default="iso",
            help="iso comes back in unchanged; reader is as --user reads",
        )
        parser.add_argument("--delimiter", choices=DELIMITERS, default="comma")
        parser.add_argument("--bom", action="store_true", help="mark a CSV file as Unicode, for spreadsheets")
        parser.add_argument("--vcard", choices=VCARDS, default="3.0", help="the version of cards")
        parser.add_argument("--user", default="", metavar="NAME", help="only what this user may see")

    def handle(self, *, record_type: str, user: str, output: Path | None, **options: Any) -> None:
        if record_type != ALL:
            self._export(arguments.record_type(record_type), arguments.user(user), output, **options)
            return
        folder = output or Path()
        folder.mkdir(parents=True, exist_ok=True)
        for one in registry.every():
            name = f"{one.name}.{FORMATS[options['format']].extension}"
            self._export(one, arguments.user(user), folder / name, **options)

    def _export(self, asked: RecordType, asker: User | None, output: Path | None, **options: Any) -> None:
        order = _order(asked, **options)
        try:
            orders.check(asked, asker)
            total = order.records(asker).order_by().count()
            with _opened(output) as file:
                run = running.begin(order, asker, may_wait=False)
                running.write(run, file, lambda done: self._tell(done, total))
        except Forbidden:
            raise CommandError(f"{asker} may not export {asked.name} records.") from None
        except (BadCondition, OSError) as error:
            raise CommandError(str(error)) from None
        self._say(run)

    def _tell(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} records", ending="")

    def _say(self, run: ExportRun) -> None:
        words = f"{run.count:,} {run.record_type} records written."
        self.stderr.write(f"\r{words}", self.style.SUCCESS)


def _order(asked: RecordType, *, where: str, search: str, columns: str, bom: bool, **options: Any) -> Order:
    if options["format"] not in offered(asked):
        raise CommandError(f"{asked.name} records are no people: there are no cards of them.")
    names = [name.strip() for name in columns.split(",") if name.strip()]
    unknown = [name for name in names if name not in asked.fields]
    if unknown:
        raise CommandError(f"There is no field “{unknown[0]}”. Fields: {', '.join(asked.fields)}.")
    return Order(
        record_type=asked.name,
        scope="view" if where or search else "all",
        where=arguments.condition(where),
        find=search,
        sort=options["sort"],
        columns=names,
        format=options["format"],
        form="iso" if options["format"] == "jsonl" else options["form"],
        delimiter=options["delimiter"],
        with_bom=bom,
        vcard=options["vcard"],
    )


def _opened(output: Path | None) -> Any:
    standard: IO[bytes] = sys.stdout.buffer
    return output.open("wb") if output else nullcontext(standard)
