"""`kariz unlock`: lets somebody who failed too often try again at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kariz.accounts.management.named import add_name, named
from kariz.web import throttle


class Command(BaseCommand):
    help = "Let somebody who failed too often sign in again at once."

    def add_arguments(self, parser: CommandParser) -> None:
        add_name(parser)

    def handle(self, *, name: str, **_: Any) -> None:
        user = named(name)
        was_locked = throttle.unlock(user)
        told = "can try again at once" if was_locked else "was not locked out"
        self.stdout.write(f"{user.username} {told}.")
