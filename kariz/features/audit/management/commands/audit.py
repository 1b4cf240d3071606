"""`kariz audit`: entries of the audit log on the command line, and whether it is whole."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from kariz import audit
from kariz.accounts import locale
from kariz.audit.kinds import kinds
from kariz.audit.models import Entry
from kariz.core.management import arguments
from kariz.features.audit import asking, files
from kariz.features.audit.showing import Shown


class Command(BaseCommand):
    help = "Print entries of the audit log, or verify that nothing of it was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--verify", action="store_true", help="follow the chain, and print its end")
        parser.add_argument(
            "--expect", default="", metavar="END", help="with --verify: an end that was printed before"
        )
        parser.add_argument(
            "--adopt", default="", metavar="REASON", help="sign a log that was signed with another secret key"
        )
        parser.add_argument(
            "--kind", default="", metavar="KIND", help="such as export.ended, or export for all of them"
        )
        parser.add_argument("--user", default="", metavar="NAME", help="only what this user did")
        parser.add_argument("--from", dest="first", default="", metavar="DAY", help="such as 2026-01-31")
        parser.add_argument("--to", dest="last", default="", metavar="DAY", help="this day too")
        parser.add_argument("--limit", type=int, default=100, help="the most entries to print (100); 0: all")
        parser.add_argument("--json", action="store_true", help="print JSON: a line for each entry")

    def handle(self, *, verify: bool, adopt: str, **options: Any) -> None:
        if adopt:
            self.stdout.write("Signed." if audit.adopt(adopt) else "The log is signed with this key already.")
        elif verify:
            self._verify(options["expect"], as_json=options["json"])
        else:
            ours = replace(locale.Locale.of(None), language="en", calendar="gregorian", digits="latin")
            with locale.use(ours):
                self._print(_entries(**options), as_json=options["json"])

    def _verify(self, expected: str, *, as_json: bool) -> None:
        report = audit.verify(expected=expected, progress=self._tell)
        if as_json:
            self.stdout.write(json.dumps(vars(report) | {"end": report.end, "is_whole": report.is_whole}))
        else:
            for problem in report.problems:
                self.stdout.write(problem)
            self.stdout.write(f"{report.count:,} entries. The log ends with {report.end}")
        if not report.is_whole:
            raise CommandError("The audit log is not what was written.")
        if not as_json:
            self.stdout.write("It is whole.")

    def _tell(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done:,} of {total:,} entries", ending="\n" if done == total else "")

    def _print(self, found: Iterable[Entry], *, as_json: bool) -> None:
        for entry in found:
            if as_json:
                self.stdout.write(
                    json.dumps(files.as_object(entry) | {"details": entry.told}, ensure_ascii=False)
                )
                continue
            shown = Shown(entry)
            parts = (
                f"{entry.at:%Y-%m-%d %H:%M:%S}",
                entry.kind,
                shown.who,
                entry.address,
                shown.about,
                *shown.summary,
            )
            self.stdout.write("  ".join(str(part) for part in parts if part))


def _entries(*, kind: str, user: str, first: str, last: str, limit: int, **_: Any) -> list[Entry]:
    """The newest that fit, oldest first."""
    given = dict.fromkeys(asking.PARTS, "") | {"kind": kind}
    if kind and kind not in kinds and not any(one.startswith(f"{kind}.") for one in kinds):
        raise CommandError(f"There is no kind “{kind}”. Kinds: {', '.join(kinds)}.")
    if person := arguments.user(user):
        given["user"] = str(person.pk)
    end = _day(last)
    days = (_day(first), end + timedelta(days=1) if end else None)
    found: QuerySet[Entry] = asking.Asked(given, days).entries()
    return list(found[:limit] if limit else found)[::-1]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"“{text}” is no day such as 2026-01-31.") from None
