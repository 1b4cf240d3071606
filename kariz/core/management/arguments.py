"""What commands are told in words: a record type, a person, a condition. All raise `CommandError`."""

import json
from typing import Any

from django.core.management.base import CommandError

from kariz.accounts.models import User
from kariz.core import registry
from kariz.core.registry import RecordType


def record_type(name: str) -> RecordType:
    try:
        return registry.get(name)
    except KeyError:
        known = ", ".join(one.name for one in registry.every())
        raise CommandError(f"There is no record type “{name}”. Types: {known}.") from None


def user(name: str) -> User | None:
    """Without a name it is the program itself."""
    try:
        return User.objects.get(username=name) if name else None
    except User.DoesNotExist:
        raise CommandError(f"There is no user “{name}”.") from None


def condition(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError as error:
        raise CommandError(f"--where is not JSON: {error}") from None
