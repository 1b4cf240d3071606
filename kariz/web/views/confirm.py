"""Saying again who one is: by password, by a code, by a passkey, or by single sign-on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kariz.accounts import factors
from kariz.accounts.models import User
from kariz.accounts.passkeys import Refused
from kariz.web import confirming, passkey_answers, signing_in
from kariz.web.doors import reader
from kariz.web.navigation import inside
from kariz.web.sign_in_forms import CodeForm, OwnPasswordForm
from kariz.web.views.sign_in import NOT_KNOWN


@sensitive_post_parameters()
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    onward = inside(request, request.POST.get("next") or request.GET.get("next", "")) or "web:security"
    sent = request.POST
    password = OwnPasswordForm(request, user, sent if "password" in sent else None)
    code = CodeForm(request, user, sent if "code" in sent else None)
    problem = _problem(request, user) if "credential" in sent else ""
    is_proven = ("credential" in sent and not problem) or any(
        form.is_bound and form.is_valid() for form in (password, code)
    )
    if is_proven:
        confirming.confirm(request)
        return redirect(onward)
    context = {
        "password": password if user.has_usable_password() or settings.LDAP else None,
        "code": code,
        "factors": factors.of(user),
        "problem": problem,
        "next": onward,
        "sso": user.identities.exists() and settings.OIDC_SERVER_URL and settings.OIDC_NAME,
    }
    return render(
        request, "web/sign_in/confirm.html", context, status=422 if request.method == "POST" else 200
    )


def _problem(request: HttpRequest, user: User) -> str:
    try:
        passkey_answers.used(request, user)
    except Refused:
        return str(NOT_KNOWN)
    return ""


@never_cache
@login_not_required
@require_POST
def passkey_options(request: HttpRequest) -> JsonResponse:
    """What the browser needs to answer with a passkey: with one of this person, of whoever is signing in, or any."""
    user = reader(request) if request.user.is_authenticated else signing_in.pending(request)
    return JsonResponse(passkey_answers.ask_to_use(request, user))
