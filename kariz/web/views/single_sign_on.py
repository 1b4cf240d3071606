"""Signing in at an OpenID provider: there, and back with what it says of the person."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.oauth2.rfc6749 import OAuth2Error
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from joserfc.errors import JoseError
from requests import RequestException

from kariz.accounts import identities
from kariz.accounts.identities import Rules, Stranger
from kariz.web import confirming, letters, openid, signing_in
from kariz.web.navigation import inside

ONWARD = "sso_onward"
JUST_NOW_SECONDS = 300
# What goes wrong between the provider and us: refusals, answers that do not fit, connections that fail.
FAULTS = (OAuthError, OAuth2Error, JoseError, RequestException, ValueError, KeyError, RuntimeError)
log = logging.getLogger(__name__)


@never_cache
@login_not_required
def leave(request: HttpRequest) -> HttpResponse:
    if not settings.OIDC_SERVER_URL:
        raise Http404
    request.session[ONWARD] = request.GET.get("next", "")
    more = {"prompt": "login", "max_age": 0} if request.user.is_authenticated else {}
    try:
        return openid.leave(request, letters.site(request) + reverse("web:sso_back"), **more)
    except FAULTS as error:
        return _failed(request, error)


@never_cache
@login_not_required
def back(request: HttpRequest) -> HttpResponse:
    if not settings.OIDC_SERVER_URL:
        raise Http404
    onward = request.session.pop(ONWARD, "")
    try:
        claims = openid.claims(request)
    except FAULTS as error:
        return _failed(request, error)
    rules = Rules(settings.OIDC_CREATE, settings.OIDC_ROLE, tuple(settings.OIDC_DOMAINS))
    try:
        user = identities.person(claims, rules)
    except Stranger as stranger:
        signing_in.tell_failure(request, str(claims.get("email", "")))
        return _refuse(request, str(stranger))
    if request.user.is_authenticated:
        return _confirmed(request, user, claims, onward)
    return signing_in.begin(request, user, onward=onward, is_strong="mfa" in (claims.get("amr") or ()))


def _confirmed(request: HttpRequest, user: Any, claims: Mapping[str, Any], onward: str) -> HttpResponse:
    """Somebody who is signed in has said again who he is: now, not when he signed in there this morning."""
    if user.pk != request.user.pk:
        return _refuse(request, _("You are signed in as somebody else. Sign out first."))
    if time.time() - claims.get("auth_time", time.time()) > JUST_NOW_SECONDS:
        return _refuse(
            request,
            _("%(provider)s did not ask who you are again. Sign in there anew.")
            % {"provider": settings.OIDC_NAME},
        )
    confirming.confirm(request)
    return redirect(inside(request, onward) or "web:security")


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("Single sign-on failed: %s: %s", type(error).__name__, error)
    signing_in.tell_failure(request, "")
    return _refuse(
        request, _("%(provider)s did not confirm who you are. Try again.") % {"provider": settings.OIDC_NAME}
    )


def _refuse(request: HttpRequest, text: str) -> HttpResponse:
    return render(request, "web/sign_in/refused.html", {"text": text}, status=403)
