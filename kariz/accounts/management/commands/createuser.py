"""`kariz createuser`: makes a user who can sign in; the first of an installation is its administrator."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kariz.accounts import people
from kariz.accounts.models import LANGUAGES, Team, User
from kariz.accounts.roles import ShippedRole


class Command(BaseCommand):
    help = "Make a user who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="NAME", help="what the user signs in with")
        parser.add_argument("--name", default="", metavar="FULL_NAME", help="how others see the user")
        parser.add_argument(
            "--role", choices=ShippedRole.values, help="administrator for the first user, then salesperson"
        )
        parser.add_argument("--team", default="", help="the name of the user's team")
        parser.add_argument("--email", default="")
        parser.add_argument("--language", choices=[code for code, _name in LANGUAGES], default="")
        parser.add_argument("--password", default="", help="without it one is made up and printed")
        parser.add_argument("--json", action="store_true", help="print the user as JSON")

    def handle(
        self, *, username: str, password: str, role: str | None, team: str, json: bool, **options: Any
    ) -> None:
        attributes = {name: options[name] for name in ("name", "email", "language")}
        try:
            user, given = people.create(
                username, password, role=role or _default_role(), team=_team(team), **attributes
            )
        except ValidationError as error:
            raise CommandError(_told(error)) from None
        if json:
            self.stdout.write(_as_json(user, "" if password else given))
            return
        self.stdout.write(f"{user.username} can sign in as {user.role_name}.")
        if not password:
            self.stdout.write(f"Password: {given}")


def _default_role() -> str:
    return ShippedRole.SALESPERSON if User.objects.exists() else ShippedRole.ADMINISTRATOR


def _team(name: str) -> Team | None:
    if not name:
        return None
    found = Team.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Team.objects.values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no team “{name}”. Teams: {known}.")
    return found


def _told(error: ValidationError) -> str:
    return "\n".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())


def _as_json(user: User, password: str) -> str:
    told = {"id": user.pk, "username": user.username, "role": user.role_id, "team": str(user.team or "")}
    return json.dumps(told | ({"password": password} if password else {}), ensure_ascii=False)
