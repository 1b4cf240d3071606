"""What browsers are asked about passkeys, kept in the session until the answer comes in a form."""

from __future__ import annotations

import json
import time
from typing import Any

from django.http import HttpRequest

from kariz.accounts import passkeys
from kariz.accounts.credentials import Passkey
from kariz.accounts.models import User
from kariz.accounts.passkeys import Options, Refused, Site

ASKED = "passkey"
OPEN_FOR_SECONDS = 300


def site(request: HttpRequest) -> Site:
    host = request.get_host()
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return Site(name, f"{request.scheme}://{host}")


def ask_to_add(request: HttpRequest, user: User) -> Options:
    return _keep(request, passkeys.begin_adding(site(request), user))


def ask_to_use(request: HttpRequest, user: User | None) -> Options:
    return _keep(request, passkeys.begin_using(site(request), user))


def added(request: HttpRequest, user: User, name: str) -> Passkey:
    """The key that was made. Raises `Refused`."""
    state, answer = _told(request)
    return passkeys.add(site(request), user, name=name, state=state, answer=answer)


def used(request: HttpRequest, user: User | None = None) -> Passkey:
    """The key that has answered; of `user`, where it must be. Raises `Refused`."""
    state, answer = _told(request)
    return passkeys.use(site(request), state=state, answer=answer, user=user)


def _keep(request: HttpRequest, begun: tuple[Options, Any]) -> Options:
    options, state = begun
    request.session[ASKED] = {"state": state, "at": time.time()}
    return options


def _told(request: HttpRequest) -> tuple[Any, Any]:
    """The state of the question, which is answered once, and the answer."""
    asked = request.session.pop(ASKED, None)
    if not asked or time.time() - asked["at"] > OPEN_FOR_SECONDS:
        raise Refused
    try:
        answer = json.loads(request.POST.get("credential", ""))
    except (ValueError, RecursionError):
        raise Refused from None
    return asked["state"], answer
