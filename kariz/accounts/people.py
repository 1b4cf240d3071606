"""Users: making one, and the password that is shown once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import get_random_string

from kariz import audit
from kariz.accounts.models import User

# Without the letters and digits that people take for one another when they read them out.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def create(username: str, password: str = "", **attributes: Any) -> tuple[User, str]:
    """A new user and the password to sign in with, made up where none is given. Raises `ValidationError`."""
    user = User(username=username, **attributes)
    if password:
        _check_password(password, user)
    given = set_password(user, password)
    user.full_clean()
    with audit.changing("rights.user", user):
        user.save()
    return user, given


def set_password(user: User, password: str = "") -> str:
    """Give `user` a password, made up where none is given, and tell it. The caller saves."""
    chosen = password or get_random_string(12, LETTERS)
    user.set_password(chosen)
    return chosen


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from None
