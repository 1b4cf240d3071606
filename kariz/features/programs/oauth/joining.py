"""Lets these tokens into the API, and its document tell of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kariz.api import authentication, openapi
from kariz.api.scopes import EVERYTHING, Scope
from kariz.features.programs.models import IssuedToken
from kariz.features.programs.oauth import connections
from kariz.features.programs.words import VERBS, said
from kariz.web.letters import site

if TYPE_CHECKING:
    from kariz.api.endpoints import Call


def scheme(call: Call) -> dict[str, Any]:
    """The way to a token of this site, with the scopes that its reader can give."""
    here = site(call.request)
    types = ["*", *(one.name for one in call.types())]
    scopes = {f"{name}.{verb}": said(Scope({name: (verb,)})) for name in types for verb in VERBS}
    flow = {
        "authorizationUrl": here + reverse("programs:authorize"),
        "tokenUrl": here + reverse("programs:token"),
        "refreshUrl": here + reverse("programs:token"),
        "scopes": {"*.*": said(EVERYTHING), **scopes},
    }
    about = _("Access that a person gives to a program, with PKCE (S256).")
    return {"type": "oauth2", "description": about, "flows": {"authorizationCode": flow}}


authentication.accept(connections.MARKS[IssuedToken.Kind.ACCESS], connections.find)
openapi.secured_by("oauth2", scheme)
