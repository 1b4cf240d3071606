"""`kariz disclose`: everything that is known of a person, as JSON to hand over."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.core.management import arguments
from kariz.features.privacy import erasing, kin, people


class Command(BaseCommand):
    help = "Write everything that is known of a person as JSON, for the person to have."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record_type", metavar="TYPE", help="such as lead or contact")
        parser.add_argument("id", type=int, metavar="ID")
        parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="where to; else it is printed")
        parser.add_argument(
            "--likely", action="store_true", help="with those that share an e-mail or a phone"
        )

    def handle(self, *, record_type: str, id: int, file: Path | None, likely: bool, **options: Any) -> None:  # noqa: A002  the argument's name
        asked = arguments.record_type(record_type)
        record = asked.model.objects.filter(pk=id).first() if people.is_person(asked) else None
        if record is None:
            raise CommandError(f"There is no person that is {record_type} {id}.")
        listed: dict[str, list[int]] = {asked.name: [id]}
        for relative in kin.relatives(asked, record) if likely else ():
            if relative.is_likely:
                listed.setdefault(relative.record_type.name, []).append(relative.pk)
        written = json.dumps(erasing.told(listed), ensure_ascii=False, indent=1)
        if file is None:
            self.stdout.write(written)
        else:
            file.write_text(written)
            file.chmod(0o600)
            self.stdout.write(f"{file} holds what is known.")
