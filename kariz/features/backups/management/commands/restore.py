"""`kariz restore`: what a backup holds, back in its place."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.features.backups import restoring
from kariz.features.backups.archive import BadBackup
from kariz.features.backups.places import InUse
from kariz.features.backups.telling import Told


class Command(BaseCommand):
    help = "Restore a backup into an empty data folder and database, or in place of what is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="what `kariz backup` made")
        parser.add_argument(
            "--replace", action="store_true", help="replace the records that are here, which are kept aside"
        )
        parser.add_argument("--json", action="store_true", help="print what was restored as JSON")

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        try:
            done = restoring.restore(file, replace=replace, progress=Told(self.stderr))
        except (BadBackup, restoring.NotEmpty, InUse) as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(vars(done) | {"aside": str(done.aside or "")}))
            return
        self.stdout.write(f"{done.rows:,} rows and {done.files:,} files are back.")
        if done.erased:
            self.stdout.write(f"{done.erased:,} erasures that were made since were made again.")
        if done.aside:
            self.stdout.write(f"What was here before is kept aside: {done.aside}")
