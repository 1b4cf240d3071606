"""`kariz demo`: fills an empty database with a sample company."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.accounts import company
from kariz.core import registry
from kariz.features.demo import making, words
from kariz.features.demo.making import Made, Size
from kariz.features.demo.people import PASSWORD


class Command(BaseCommand):
    help = "Fill an empty database with a sample company; everybody in it is invented."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--leads", type=int, default=300, metavar="N", help="how many leads (300)")
        parser.add_argument("--opportunities", type=int, metavar="N", help="how many (half as many as leads)")
        parser.add_argument("--language", choices=words.LANGUAGES, default="en", help="en, fa or tr (en)")
        parser.add_argument("--seed", type=int, default=7, help="another number makes another company (7)")
        parser.add_argument(
            "--force-add", action="store_true", help="add the sample to a database that has records"
        )
        parser.add_argument("--json", action="store_true", help="print what was made as JSON")

    def handle(
        self,
        *,
        leads: int,
        opportunities: int | None,
        language: str,
        seed: int,
        force_add: bool,
        **options: Any,
    ) -> None:
        company.forget()
        if leads < 0 or (opportunities or 0) < 0:
            raise CommandError("A number of records cannot be below zero.")
        if not force_add and making.has_records():
            raise CommandError(
                "This database has records. Name another data folder with KARIZ_DATA, or add the sample to what is "
                "there with --force-add."
            )
        size = Size(leads, leads // 2 if opportunities is None else opportunities)
        made = making.make(language, seed, size, self._progress)
        self.stdout.write(_as_json(made) if options["json"] else _as_text(made))

    def _progress(self, plural: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            self.stderr.write(f"\r{plural}: {done:,} of {total:,}", ending=end)


def _as_text(made: Made) -> str:
    counts = ", ".join(f"{count:,} {registry.get(name).plural}" for name, count in made.counts.items())
    lines = [f"A sample company: {counts}.", f"Sign in with the password “{PASSWORD}” as"]
    lines += [f"  {user.username:<10} {user.name} ({user.role_name})" for user in made.sign_ins]
    return "\n".join(lines)


def _as_json(made: Made) -> str:
    people = [
        {"username": user.username, "role": user.role_id, "password": PASSWORD} for user in made.sign_ins
    ]
    return json.dumps({"records": made.counts, "sign_ins": people}, ensure_ascii=False)
