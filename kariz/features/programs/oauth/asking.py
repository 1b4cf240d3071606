"""What a program wants when it sends a browser here: read, checked, and answered by sending the browser back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import (
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    UnsupportedResponseTypeError,
)
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from kariz.api.scopes import Scope
from kariz.features.programs.models import Program
from kariz.features.programs.oauth import addresses, reaching
from kariz.web.letters import site

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # what SHA-256 gives
CLIENT_ID = re.compile(r"[A-Za-z0-9]{1,40}")
ONCE = ("response_type", "scope", "state", "code_challenge", "code_challenge_method")


class Unaddressed(Exception):
    """It is not sure that the program is the one that it says: nobody is told but the person, in these words."""


@dataclass(frozen=True)
class Asked:
    program: Program
    address: str
    state: str | None
    challenge: str
    scope: Scope


def known(client_id: str) -> Program | None:
    """The program of this id, where no administrator has switched it off."""
    is_one = CLIENT_ID.fullmatch(client_id)
    return Program.objects.filter(client_id=client_id, is_active=True).first() if is_one else None


def read(query: QueryDict) -> Asked:
    """Raises `Unaddressed`; or an `OAuth2Error` that has the address and the state with which it is to be told."""
    program, address = _addressed(query)
    state = query.get("state")
    try:
        challenge, scope = _checked(query, program)
    except OAuth2Error as error:
        error.redirect_uri, error.state = address, state
        raise
    return Asked(program, address, state, challenge, scope)


def _addressed(query: QueryDict) -> tuple[Program, str]:
    program = known(_only(query, "client_id"))
    if program is None:
        raise Unaddressed(_("This program is not known here, or an administrator has switched it off."))
    address = _only(query, "redirect_uri")
    if not addresses.is_among(address, program.addresses):
        told = _("%(program)s wants your browser sent to an address that is not registered for it.")
        raise Unaddressed(told % {"program": program.name})
    return program, address


def _only(query: QueryDict, name: str) -> str:
    values = query.getlist(name)
    return values[0] if len(values) == 1 else ""


def _checked(query: QueryDict, program: Program) -> tuple[str, Scope]:
    """The challenge, and the scope: as far as the program may ask where it does not say."""
    if twice := [name for name in ONCE if len(query.getlist(name)) > 1]:
        raise InvalidRequestError(f"{twice[0]} is there more than once.")
    if query.get("response_type") != "code":
        raise UnsupportedResponseTypeError("", "The only response_type is code.")
    if query.get("code_challenge_method") != "S256":
        raise InvalidRequestError("PKCE is required, with the code_challenge_method S256.")
    challenge = query.get("code_challenge", "")
    if not CHALLENGE.fullmatch(challenge):
        raise InvalidRequestError("code_challenge is not the SHA-256 of a code_verifier in base64url.")
    most = Scope(program.scope)
    wanted = query.get("scope", "")
    scope = reaching.read(wanted) if wanted else most
    if scope is None:
        raise InvalidScopeError("The scope names a record type or a verb that there is not.")
    if not scope.is_within(most):
        raise InvalidScopeError("The scope is larger than the one that is registered for the program.")
    return challenge, scope


def sent_back(
    request: HttpRequest, address: str, state: str | None, told: Sequence[tuple[str, Any]]
) -> HttpResponse:
    """The browser goes back to the program; `iss` tells it who answers (RFC 9207)."""
    return HttpResponse(status=302, headers={"Location": answer(request, address, state, told)})


def answer(request: HttpRequest, address: str, state: str | None, told: Sequence[tuple[str, Any]]) -> str:
    """The address with what the program is told."""
    kept = [("state", state)] if state is not None else []
    where: str = add_params_to_uri(address, [*told, *kept, ("iss", site(request))])
    return where
