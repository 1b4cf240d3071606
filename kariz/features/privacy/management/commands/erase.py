"""`kariz erase`: a person is erased or anonymised everywhere; the certificate is printed."""

import json
from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.core import registry
from kariz.core.erasing import Held
from kariz.core.management import arguments
from kariz.core.models import Change
from kariz.core.records import Invalid
from kariz.features.privacy import erasing, kin, people
from kariz.features.privacy.erasing import Order
from kariz.features.privacy.models import Erasure

Listed = dict[str, list[int]]


class Command(BaseCommand):
    help = "Erase or anonymise a person everywhere; it cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record_type", metavar="TYPE", help="such as lead or contact")
        parser.add_argument("id", type=int, metavar="ID")
        parser.add_argument(
            "--anonymise", action="store_true", help="keep the records, without anything personal"
        )
        parser.add_argument(
            "--with",
            action="append",
            default=[],
            metavar="TYPE:ID",
            dest="others",
            help="the same person too",
        )
        parser.add_argument(
            "--likely", action="store_true", help="with those that share an e-mail or a phone"
        )
        parser.add_argument("--asked-by", default="person", choices=["person", "authority", "company"])
        parser.add_argument(
            "--reference", default="", metavar="TEXT", help="the number of the letter; no name"
        )
        parser.add_argument("--yes", action="store_true", help="do it; else only what would go is told")
        parser.add_argument("--json", action="store_true", help="print the certificate as JSON")

    def handle(self, **options: Any) -> None:
        listed = _listed(options["record_type"], options["id"], options["others"], likely=options["likely"])
        if not options["yes"]:
            self._tell(listed)
            return
        order = Order(
            records=listed,
            way=Erasure.Way.ANONYMISED if options["anonymise"] else Erasure.Way.ERASED,
            asked_by=options["asked_by"],
            reference=options["reference"],
        )
        try:
            made = erasing.carry_out(order, None)
        except (Held, Invalid) as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps({**made.told, "digest": made.digest}, ensure_ascii=False))
        else:
            self.stdout.write(
                f"{made.get_way_display()}: {made.record_count:,} records. Certificate {made.number}."
            )

    def _tell(self, listed: Listed) -> None:
        for name, ids in listed.items():
            self.stdout.write(f"{name} {', '.join(map(str, ids))}")
        for one in erasing.counts(erasing.person(listed)):
            self.stdout.write(f"{one.count:>8,}  {one.label}")
        raise CommandError("Nothing was erased. It cannot be undone: say --yes to do it.")


def _listed(type_name: str, pk: int, others: list[str], *, likely: bool) -> Listed:
    found: Listed = defaultdict(list)
    for name, one in ((type_name, pk), *map(_named, others)):
        record_type = arguments.record_type(name)
        if not people.is_person(record_type):
            raise CommandError(f"A {name} is no person: it has neither e-mail nor phone.")
        is_there = record_type.model.objects.filter(pk=one).exists()
        if not is_there and not Change.objects.filter(record_type=name, record_id=one).exists():
            raise CommandError(f"There is no {name} {one}, and there never was.")
        found[name].append(one)
    record = registry.get(type_name).model.objects.filter(pk=pk).first()
    for relative in kin.relatives(registry.get(type_name), record) if likely and record else ():
        if relative.is_likely:
            found[relative.record_type.name].append(relative.pk)
    return {name: sorted(set(ids)) for name, ids in found.items()}


def _named(text: str) -> tuple[str, int]:
    name, _colon, number = text.partition(":")
    if not number.isdecimal():
        raise CommandError(f"“{text}” is no TYPE:ID, such as contact:7.")
    return name, int(number)
