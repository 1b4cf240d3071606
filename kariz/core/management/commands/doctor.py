"""`kariz doctor`: finds what has come to differ behind Kariz's back, and repairs it where asked to."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.core import doctor


class Command(BaseCommand):
    help = "Check search, links, indexes and choices against the records, and repair them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="put right what is wrong")
        parser.add_argument("--json", action="store_true", help="print what was found as a JSON list")

    def handle(self, *, repair: bool, json: bool, **options: Any) -> None:
        found = []
        for finding in doctor.examine():
            found.append(finding)
            if repair:
                finding.repair()
            if not json:
                self.stdout.write(f"{finding.message} {'Repaired.' if repair else ''}".rstrip())
        if json:
            self.stdout.write(_as_json(found, is_repaired=repair))
        elif not found:
            self.stdout.write("Everything is in order.")
        if found and not repair:
            raise CommandError("`kariz doctor --repair` puts this right.")


def _as_json(found: list[doctor.Finding], *, is_repaired: bool) -> str:
    rows = [
        {"name": one.name, "message": one.message, "count": one.count, "is_repaired": is_repaired}
        for one in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)
