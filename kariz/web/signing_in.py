"""From the first proof of who somebody is to the session: network, second step, the browser that is remembered."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kariz.accounts import clients, demands, factors
from kariz.accounts.models import User
from kariz.accounts.sessions import HAS_FACTOR
from kariz.web import admission, devices
from kariz.web.navigation import inside

PENDING = "signing_in"
PENDING_FOR = timedelta(minutes=10)


def begin(request: HttpRequest, user: User, *, onward: str = "", is_strong: bool = False) -> HttpResponse:
    """Go on with somebody who has proven who he is; `is_strong` where that was by more than one factor."""
    if not demands.may_come_from(user, clients.address(request)):
        tell_failure(request, user.get_username())
        return admission.refused(request)
    if is_strong or not factors.has_any(user):
        response = finish(request, user, onward=onward)
        request.session[HAS_FACTOR] = is_strong  # what a role demands may have been proven elsewhere
        return response
    request.session[PENDING] = {
        "user": user.pk,
        "backend": _backend(user),
        "password": user.get_session_auth_hash(),
        "onward": onward,
        "at": time.time(),
    }
    request.session.cycle_key()
    return redirect("web:second_step")


def pending(request: HttpRequest) -> User | None:
    """Whoever still has to take the second step here."""
    told = request.session.get(PENDING)
    if not told or time.time() - told["at"] > PENDING_FOR.total_seconds():
        return None
    user = User.objects.filter(pk=told["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != told["password"]:
        return None
    user.backend = told["backend"]
    return user


def finish(request: HttpRequest, user: User, *, onward: str = "") -> HttpResponse:
    """Sign in, and go on to the page that was wanted."""
    told = request.session.pop(PENDING, None) or {}
    login(request, user, backend=_backend(user))
    response = redirect(inside(request, onward or told.get("onward", "")) or "web:home")
    devices.remember(request, response, user)
    return response


def tell_failure(request: HttpRequest, username: str) -> None:
    """Say what `authenticate` says of a wrong password, of the steps that do not pass through it."""
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)


def _backend(user: User) -> str:
    return getattr(user, "backend", "") or settings.AUTHENTICATION_BACKENDS[0]
