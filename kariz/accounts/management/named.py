"""The user whom a command is about."""

from django.core.management.base import CommandError, CommandParser

from kariz.accounts import people
from kariz.accounts.models import User


def add_name(parser: CommandParser) -> None:
    parser.add_argument("name", metavar="NAME", help="username or e-mail address")


def named(name: str) -> User:
    """Raises `CommandError`."""
    user = people.find(name)
    if user is None:
        raise CommandError(f"Nobody is called “{name}”.")
    return user
