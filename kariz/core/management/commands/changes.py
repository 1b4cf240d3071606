"""`kariz changes`: what happened to records since a cursor, on the command line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.core import feed
from kariz.core.management import arguments


class Command(BaseCommand):
    help = "Print what happened to records since a cursor, and the cursor after it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--after", default="", metavar="CURSOR", help="what the last call gave; without it the beginning"
        )
        parser.add_argument("--types", default="", metavar="TYPES", help="such as lead,opportunity")
        parser.add_argument("--limit", type=int, default=100, help=f"the most to print, up to {feed.MOST}")
        parser.add_argument("--user", default="", metavar="NAME", help="only what this user may see")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, after: str, types: str, limit: int, user: str, json: bool, **options: Any) -> None:
        names = [arguments.record_type(name.strip()).name for name in types.split(",") if name.strip()]
        try:
            page = feed.changes_after(after, arguments.user(user), names or None, limit)
        except feed.BadCursor:
            raise CommandError(
                "--after is no cursor of this database: it was cut off, or the database has been put back to an "
                "earlier state. Read everything anew, then begin without --after."
            ) from None
        self.stdout.write(_as_json(page) if json else _as_text(page))


def _as_json(page: feed.Page) -> str:
    told = {"changes": page.changes, "cursor": page.cursor, "has_more": page.has_more}
    return json.dumps(told, ensure_ascii=False, indent=1)


def _as_text(page: feed.Page) -> str:
    """A line for each change, then where to go on."""
    lines = [_line(change) for change in page.changes] or ["No changes."]
    return "\n".join([*lines, f"{'more' if page.has_more else 'next'}: --after {page.cursor}"])


def _line(change: dict[str, Any]) -> str:
    by = change["by"]["username"] if change["by"] else "Kariz"
    what = f"{change['at'][:19]}  {by}  {change['type']} {change['record']} {change['kind']}"
    return f"{what}: {', '.join(change['values'])}" if change["values"] else what
