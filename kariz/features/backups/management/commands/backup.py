"""`kariz backup`: everything that Kariz keeps, in one file, while it runs."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.features.backups import making
from kariz.features.backups.telling import Told


class Command(BaseCommand):
    help = "Back up the database and the files into one file, while Kariz runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, nargs="?", metavar="FILE", help="where to; else a new file in DATA/backups"
        )
        parser.add_argument(
            "--verify",
            action=argparse.BooleanOptionalAction,
            default=True,
            help="restore it into a scratch folder and compare every row (yes)",
        )
        parser.add_argument("--json", action="store_true", help="print what was made as JSON")

    def handle(self, *, file: Path | None, verify: bool, **options: Any) -> None:
        path = (file or making.folder() / making.new_name()).absolute()
        if path.exists():
            raise CommandError(f"{path} is there already. Choose another name, or take it away first.")
        try:
            made = making.make(path, verify=verify, progress=Told(self.stderr))
        except making.Failed as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(vars(made) | {"path": str(path)}))
        else:
            verified = "restored in a scratch folder and found equal" if made.is_verified else "not verified"
            self.stdout.write(
                f"{path}: {made.rows:,} rows, {made.files:,} files, {made.size:,} bytes; {verified}."
            )
