"""Notes who signs in and out, and who fails to, however it is done: Django says so."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from kariz.audit.origins import origin_of
from kariz.audit.writing import clean, note

LONGEST = 150
# What backends call the name in the credentials.
NAMES = ("username", "login", "email")


def listen() -> None:
    user_logged_in.connect(signed_in, dispatch_uid="kariz.audit")
    user_logged_out.connect(signed_out, dispatch_uid="kariz.audit")
    user_login_failed.connect(failed, dispatch_uid="kariz.audit")


def signed_in(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    note("sign_in.done", user=user, origin=origin_of(request))


def signed_out(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    if user is not None:  # signing out without having signed in is nothing
        note("sign_in.ended", user=user, origin=origin_of(request))


def failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """With the name that was typed, and the person whose it is."""
    typed = clean(str(next((credentials[one] for one in NAMES if credentials.get(one)), "")), LONGEST)
    model = get_user_model()
    person = model._default_manager.filter(**{model.USERNAME_FIELD: typed}).first() if typed else None
    note("sign_in.failed", about=person, origin=origin_of(request), typed=typed)
