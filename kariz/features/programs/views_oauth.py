"""What programs ask themselves, without a browser: tokens, ending them, and what the server can do."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    UnsupportedGrantTypeError,
)
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from kariz.accounts import clients
from kariz.api import limits
from kariz.api.problems import Problem
from kariz.api.serving import let_origins_read
from kariz.features.programs.models import Program
from kariz.features.programs.oauth import asking, connections, reaching, registering
from kariz.features.programs.oauth.connections import Given
from kariz.features.programs.words import VERBS
from kariz.lib import networks
from kariz.web.letters import site

SECRETS = ("code", "code_verifier", "refresh_token", "client_secret", "token")
METHODS = ["client_secret_basic", "client_secret_post", "none"]
View = Callable[[HttpRequest], dict[str, Any]]


def answered(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """JSON to a form that a program has posted. No cookie counts: whoever asks proves it by what is in the form."""

    @csrf_exempt
    @login_not_required
    @sensitive_post_parameters(*SECRETS)
    @wraps(view)
    def serve(request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        status, headers = 200, {"Cache-Control": "no-store"}
        try:
            headers |= limits.headers(_neighbour(request))
            content = view(request)
        except OAuth2Error as error:
            status, content, its_headers = error()
            headers |= dict(its_headers)
        except Problem as problem:
            status, headers = problem.status, headers | dict(problem.headers)
            content = {"error": "temporarily_unavailable", "error_description": "Too many requests."}
        headers["Content-Type"] = "application/json"
        response = HttpResponse(json.dumps(content), status=status, headers=headers)
        return let_origins_read(request, response)

    return serve


def _neighbour(request: HttpRequest) -> str:
    """Who asks, as far as limits go: the address, written so that it can be read by nobody."""
    address = networks.neighbourhood(clients.address(request))
    return "oauth " + salted_hmac("kariz.oauth", address, algorithm="sha256").hexdigest()[:40]


@answered
@sensitive_variables()
def token(request: HttpRequest) -> dict[str, Any]:
    """A code for the first tokens, or a refresh token for the next ones."""
    program = _program(request)
    grant = _said(request, "grant_type")
    if grant == "authorization_code":
        address, verifier = _said(request, "redirect_uri"), _said(request, "code_verifier")
        return _told(
            connections.exchange(program, _said(request, "code"), address=address, verifier=verifier)
        )
    if grant == "refresh_token":
        wanted = _said(request, "scope", is_needed=False)
        scope = reaching.read(wanted) if wanted else None
        if wanted and scope is None:
            raise InvalidScopeError("The scope names a record type or a verb that there is not.")
        return _told(connections.renew(program, _said(request, "refresh_token"), scope))
    raise UnsupportedGrantTypeError(grant)


def _told(given: Given) -> dict[str, Any]:
    return {
        "access_token": given.access,
        "token_type": "Bearer",  # nosec B105 # the kind, not a secret
        "expires_in": int(connections.ACCESS_FOR.total_seconds()),
        "refresh_token": given.refresh,
        "scope": reaching.spelt(given.scope),
    }


@answered
@sensitive_variables()
def revoke_token(request: HttpRequest) -> dict[str, Any]:
    """End a token (RFC 7009). One that there is not is as good as ended."""
    connections.revoke(_program(request), _said(request, "token"))
    return {}


@login_not_required
def metadata(request: HttpRequest) -> HttpResponseBase:
    """What a program needs to know of this server (RFC 8414)."""
    here = site(request)
    content = {
        "issuer": here,
        "authorization_endpoint": here + reverse("programs:authorize"),
        "token_endpoint": here + reverse("programs:token"),
        "revocation_endpoint": here + reverse("programs:revoke_token"),
        "scopes_supported": ["*.*", *(f"*.{verb}" for verb in VERBS)],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }
    return let_origins_read(request, JsonResponse(content))


def _said(request: HttpRequest, name: str, *, is_needed: bool = True) -> str:
    values = request.POST.getlist(name)
    if len(values) > 1:
        raise InvalidRequestError(f"{name} is there more than once.")
    if is_needed and not any(values):
        raise InvalidRequestError(f"{name} is missing.")
    return values[0] if values else ""


@sensitive_variables()
def _program(request: HttpRequest) -> Program:
    """The program that asks. One that has a secret has sent it along. Raises `InvalidClientError`."""
    client_id = _said(request, "client_id", is_needed=False)
    secret = _said(request, "client_secret", is_needed=False)
    if header := request.headers.get("Authorization"):
        name, its_secret = _basic(header)
        if secret or client_id not in ("", name):
            raise InvalidRequestError("The program names itself in two ways.")
        client_id, secret = name, its_secret
    program = asking.known(client_id)
    is_proven = program is not None and (
        registering.is_secret(program, secret) if program.is_confidential else not secret
    )
    if program is None or not is_proven:
        raise InvalidClientError("The program is unknown, or its secret is wrong.", status_code=401)
    return program


def _basic(header: str) -> tuple[str, str]:
    scheme, _space, told = header.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        name, _colon, secret = base64.b64decode(told, validate=True).decode().partition(":")
    except ValueError:
        raise InvalidClientError("The header Authorization cannot be read.", status_code=401) from None
    return unquote_plus(name), unquote_plus(secret)
