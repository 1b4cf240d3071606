"""Who asks, and how far: one function from a request to a caller, whatever the request comes with.

Another kind of token joins by saying how its secrets begin:

    authentication.accept("kro_", lambda secret: Caller(user, scope, "key of this token") or None)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _

from kariz.api import tokens
from kariz.api.problems import Problem
from kariz.api.scopes import EVERYTHING, Scope

if TYPE_CHECKING:
    from kariz.accounts.models import User

SAFE = ("GET", "HEAD", "OPTIONS")
IN_ADDRESS = ("access_token", "api_key", "apikey", "token")


@dataclass(frozen=True)
class Caller:
    """`key` tells callers apart, for limits and idempotency; a browser in which somebody is signed in has no limit."""

    user: User
    scope: Scope
    key: str
    is_browser: bool = False


Find = Callable[[str], Caller | None]
_kinds: dict[str, Find] = {}


def accept(mark: str, find: Find) -> None:
    """Let callers in whose bearer secret begins with `mark`, where `find` knows it."""
    _kinds[mark] = find


def caller(request: HttpRequest) -> Caller:
    """Whoever sent the request. Raises a `Problem`: 400 for a token in the address, 401, 403 for a forged form."""
    _refuse_address(request)
    header = request.headers.get("Authorization")
    found = _bearer(header) if header is not None else _browser(request)
    if found is None:
        raise _unknown(was_sent=header is not None)
    return found


def _refuse_address(request: HttpRequest) -> None:
    marks = tuple(_kinds)
    for name, values in request.GET.lists():
        if name in IN_ADDRESS or any(value.startswith(marks) for value in values):
            told = _(
                "Send the token in the header “Authorization: Bearer …”, never in the address, which is written"
                " to logs. Revoke this one."
            )
            raise Problem(400, "token_in_address", told)


def _bearer(header: str) -> Caller | None:
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    secret = secret.strip()
    find = next((find for mark, find in _kinds.items() if secret.startswith(mark)), None)
    return find(secret) if find else None


def _browser(request: HttpRequest) -> Caller | None:
    """Somebody who is signed in to the screens; what such a browser writes needs the token of our own pages."""
    user = request.user
    if not user.is_authenticated:
        return None
    if request.method not in SAFE and _is_forged(request):
        told = _(
            "Send the header X-CSRFToken with the value of the cookie kariz_csrf, or use a token of the API."
        )
        raise Problem(403, "csrf", told)
    return Caller(user, EVERYTHING, f"user {user.pk}", is_browser=True)


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _is_forged(request: HttpRequest) -> bool:
    check = _Check(_nothing)
    check.process_request(request)
    return check.process_view(request, _nothing, (), {}) is not None


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _unknown(*, was_sent: bool) -> Problem:
    told = (
        _("This token is unknown, expired or revoked, or its owner has left.")
        if was_sent
        else _("Send a token in the header “Authorization: Bearer krz_…”.")
    )
    error = ', error="invalid_token"' if was_sent else ""
    return Problem(401, "unauthenticated", told, headers={"WWW-Authenticate": f'Bearer realm="Kariz"{error}'})


def _of_token(secret: str) -> Caller | None:
    token = tokens.find(secret)
    return Caller(token.owner, Scope(token.scope), f"token {token.digest[:40]}") if token else None


accept(tokens.MARK, _of_token)
