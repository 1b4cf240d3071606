"""`kariz password`: a new password for somebody, or a link by which he chooses one."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from kariz import audit
from kariz.accounts import people, sessions
from kariz.accounts.management.named import add_name, named
from kariz.web import letters, security_news, throttle


class Command(BaseCommand):
    help = "Give somebody a new password, or a link by which he chooses one."

    def add_arguments(self, parser: CommandParser) -> None:
        add_name(parser)
        parser.add_argument(
            "--link", action="store_true", help="print a link that works once, and change nothing"
        )

    def handle(self, *, name: str, link: bool, **_: Any) -> None:
        user = named(name)
        if link:
            audit.note("rights.link", about=user)
            self.stdout.write(f"{settings.URL}{letters.reset_path(user)}")
            if not settings.URL:
                self.stderr.write("KARIZ_URL is not set: put the address of your Kariz before it.")
            return
        password = people.set_password(user)
        with transaction.atomic():
            user.save(update_fields=["password"])
            audit.note("rights.password", about=user)
        sessions.end_all(user)
        throttle.unlock(user)
        security_news.tell(user, security_news.PASSWORD_CHANGED)
        self.stdout.write(f"{user.username} is signed out everywhere.\nPassword: {password}")
