"""`kariz query`: records, or their counts and sums by group, on the command line."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import answers
from kariz.core.conditions import BadCondition
from kariz.core.management import arguments
from kariz.core.registry import RecordType


class Command(BaseCommand):
    help = "Print records, or their counts and sums by group."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record_type", metavar="TYPE", help="such as lead or opportunity")
        parser.add_argument(
            "--where", default="", metavar="JSON", help='such as {"all": [["stage", "is", "won"]]}'
        )
        parser.add_argument("--search", default="", metavar="TEXT", help="only records that this text finds")
        parser.add_argument("--group-by", default="", metavar="FIELDS", help="such as owner,close_on:month")
        parser.add_argument("--sum", default="", metavar="FIELDS", help="the numbers to sum for each group")
        parser.add_argument("--columns", default="", metavar="FIELDS", help="what to print of each record")
        parser.add_argument(
            "--sort", default="", metavar="FIELD", help="such as --sort=-amount: the highest first"
        )
        parser.add_argument("--limit", type=int, help="the most rows to print")
        parser.add_argument("--user", default="", metavar="NAME", help="only what this user may see")
        parser.add_argument("--json", action="store_true", help="print a JSON list")

    def handle(self, *, record_type: str, user: str, json: bool, **options: Any) -> None:
        asked, asker = arguments.record_type(record_type), arguments.user(user)
        with locale.use(replace(locale.Locale.of(asker), language="en", digits="latin")):
            try:
                rows = _rows(asked, asker, **options)
            except (answers.Unanswerable, BadCondition) as error:
                raise CommandError(str(error)) from None
        self.stdout.write(_as_json(rows) if json else _as_table(rows))


def _rows(
    asked: RecordType, user: User | None, *, where: str, search: str, limit: int | None, **options: Any
) -> list[answers.Row]:
    narrow = {"where": arguments.condition(where), "find": search, "limit": limit}
    group_by, sums = _names(options["group_by"]), _names(options["sum"])
    if group_by or sums:
        return answers.grouped(asked, user, group_by=group_by, sums=sums, **narrow)
    return answers.listed(asked, user, columns=_names(options["columns"]), sort=options["sort"], **narrow)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _as_json(rows: Sequence[answers.Row]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _as_table(rows: Sequence[answers.Row]) -> str:
    """Aligned columns with their names on top."""
    if not rows:
        return "No records."
    lines = [list(rows[0]), *([_text(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{amount:,} {currency}" for currency, amount in value.items())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: ""}[value]
    return f"{value:,}" if isinstance(value, int | float) else str(value)
