"""The protocol of OpenID Connect, by Authlib: authorization code with PKCE, state and nonce, a signed ID token."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse

TIMEOUT_SECONDS = 10
WELL_KNOWN = "/.well-known/openid-configuration"


@cache
def _client(server_url: str, client_id: str, client_secret: str) -> Any:
    """Kept with what the provider says of itself; keys that it renews are fetched when they turn up."""
    return OAuth().register(
        "kariz",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=server_url + WELL_KNOWN,
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )


def _configured() -> Any:
    return _client(settings.OIDC_SERVER_URL, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


def leave(request: HttpRequest, back: str, **more: Any) -> HttpResponse:
    """To the provider, which sends the browser to `back`."""
    response: HttpResponse = _configured().authorize_redirect(request, back, **more)
    return response


def claims(request: HttpRequest) -> Mapping[str, Any]:
    """What the provider says of the person, checked: signature, issuer, audience, time, nonce. Raises its errors."""
    client = _configured()
    token = client.authorize_access_token(request)
    found = dict(token["userinfo"])
    if "email" not in found and "userinfo_endpoint" in client.load_server_metadata():
        more = client.userinfo(token=token)
        if more["sub"] != found["sub"]:  # OpenID Connect Core, 5.3.2
            raise ValueError("The provider told of somebody else.")
        found = {**more, **found}
    return found
