"""`kariz doctor`: finds what has come to differ behind Kariz's back, and repairs it where asked to."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.core import doctor
from kariz.core.doctor import Finding, Unrepairable


class Command(BaseCommand):
    help = "Check the database, search, links, history, indexes, choices and duplicate keys, and repair them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put right what is wrong")
        parser.add_argument("--json", action="store_true", help="print what was found as a JSON list")

    def handle(self, *, repair: bool, **options: Any) -> None:
        told = doctor.telling.set(self._tell) if self.stderr.isatty() else None
        try:
            rows = [self._row(one, repair=repair, is_told=not options["json"]) for one in doctor.examine()]
        finally:
            if told:
                doctor.telling.reset(told)
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
        elif not rows:
            self.stdout.write("Everything is in order.")
        if not all(row["is_repaired"] for row in rows):
            advice = (
                "Some of it cannot be repaired." if repair else "`kariz doctor --repair` puts this right."
            )
            raise CommandError(advice)

    def _row(self, finding: Finding, *, repair: bool, is_told: bool) -> dict[str, Any]:
        said, is_repaired = finding.message, False
        if repair:
            try:
                finding.repair()
                said, is_repaired = f"{said} Repaired.", True
            except Unrepairable as error:
                said = f"{said} Not repaired: {error}"
        if is_told:
            self.stdout.write(said)
        return {"name": finding.name, "message": said, "count": finding.count, "is_repaired": is_repaired}

    def _tell(self, what: str, done: int) -> None:
        """What is looked at, on a line that the next one takes the place of."""
        self.stderr.write(f"\r\033[K{what}{f' {done:,}' if done else ''}\r", ending="")
