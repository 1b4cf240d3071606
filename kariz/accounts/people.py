"""Users: making and finding one, giving roles, and the password that is shown once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from kariz import audit
from kariz.accounts import company
from kariz.accounts.models import Role, User
from kariz.accounts.roles import ShippedRole
from kariz.lib.text import fold

# Without the letters and digits that people take for one another when they read them out.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def find(name: str) -> User | None:
    """The user with this username or, among the active, with this e-mail address, however it is typed."""
    key = fold(name)
    if not key:
        return None
    found = list(
        User.objects.filter(Q(username=name) | Q(username_key=key) | Q(email_key=key, is_active=True))
    )
    found.sort(key=lambda user: (user.username != name, user.username_key != key))
    return found[0] if found else None


@transaction.atomic
def create(
    username: str, password: str = "", role: str = ShippedRole.SALESPERSON, **attributes: Any
) -> tuple[User, str]:
    """A new user with the role of this key, and the password to sign in with, made up where none is given.

    Raises `ValidationError`.
    """
    user = User(username=username, role_id=str(role), **attributes)
    if password:
        _check_password(password, user)
    given = set_password(user, password)
    user.full_clean()
    with audit.changing("rights.user", user):
        user.save()
    company.touch()
    return user, given


@transaction.atomic
def change_email(user: User, email: str) -> None:
    """Raises `ValidationError`, also where it is somebody else's."""
    user.email = email
    user.full_clean()
    user.save(update_fields=["email", "email_key"])


@transaction.atomic
def activate(user: User) -> None:
    """Let somebody sign in again. Raises `ValidationError` where the e-mail address has gone to somebody else."""
    user.is_active = True
    user.full_clean()
    user.save(update_fields=["is_active"])
    company.touch()


@transaction.atomic
def give_roles(user: User, role: str, *others: str) -> None:
    """Give `user` these roles, by key, in place of those that he had; rights are the union of all."""
    user.role_id = str(role)
    user.save(update_fields=["role"])
    user.other_roles.set(Role.objects.filter(key__in=others).exclude(key=role))
    company.touch()


def administrators() -> QuerySet[User]:
    """The active users who may do everything."""
    profile = ShippedRole.ADMINISTRATOR
    by_role = Q(role__profile__key=profile) | Q(
        pk__in=User.other_roles.through.objects.filter(role__profile__key=profile).values("user_id")
    )
    return User.objects.filter(by_role | Q(is_superuser=True), is_active=True)


@contextmanager
def keeping_an_administrator() -> Iterator[None]:
    """What is changed inside leaves somebody who may do everything, or is not changed. Raises `ValidationError`."""
    with transaction.atomic():
        company.touch()  # one after another: two who took it from each other would both succeed
        yield
        if not administrators().exists():
            raise ValidationError(_("Nobody would be left who may change the settings."))
        company.touch()


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
