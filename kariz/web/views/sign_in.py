"""Signing in and out: name and password, a passkey alone, the second step; and the language of these pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kariz.accounts import factors
from kariz.accounts.models import LANGUAGES
from kariz.accounts.passkeys import Refused
from kariz.web import passkey_answers, security_news, signing_in
from kariz.web.navigation import inside
from kariz.web.sign_in_forms import CodeForm, SignInForm

YEAR = 365 * 24 * 3600
NOT_KNOWN = gettext_lazy(
    "This passkey is not known here, or its answer came too late. Try again, or sign in another way."
)


class SignIn(auth.LoginView):
    template_name = "web/sign_in/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(**more) | _ways()

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user: Any = form.get_user()
        return signing_in.begin(self.request, user, onward=self.get_redirect_url())


def _ways() -> dict[str, str]:
    """What else than a password opens."""
    return {"sso": settings.OIDC_SERVER_URL and settings.OIDC_NAME}


class SignOut(auth.LogoutView):
    """By POST only: a link on some other page signs nobody out."""


@never_cache
@login_not_required
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Signing in by a passkey alone: it is something that one has, and it has made sure of who holds it."""
    try:
        user = passkey_answers.used(request).user
        if not user.is_active:
            raise Refused
    except Refused:
        signing_in.tell_failure(request, "")
        context = {"form": SignInForm(request), "problem": NOT_KNOWN, "next": request.POST.get("next", "")}
        return render(request, SignIn.template_name, context | _ways(), status=422)
    return signing_in.begin(request, user, onward=request.POST.get("next", ""), is_strong=True)


@sensitive_post_parameters()
@never_cache
@login_not_required
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password: a code, or one of the person's passkeys."""
    user = signing_in.pending(request)
    if user is None:
        return redirect("web:sign_in")
    problem = ""
    form = CodeForm(request, user, request.POST if "code" in request.POST else None)
    if "credential" in request.POST:
        try:
            passkey_answers.used(request, user)
            return signing_in.finish(request, user)
        except Refused:
            signing_in.tell_failure(request, user.get_username())
            problem = str(NOT_KNOWN)
    elif form.is_valid():
        if form.kind == "recovery":
            security_news.tell(user, security_news.RECOVERY_CODE_USED)
        return signing_in.finish(request, user)
    context = {"form": form, "factors": factors.of(user), "problem": problem}
    return render(
        request, "web/sign_in/second_step.html", context, status=422 if request.method == "POST" else 200
    )


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie, for the pages before signing in."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(LANGUAGES):
        return HttpResponseBadRequest(_("Choose one of the languages."))
    response = redirect(inside(request, request.POST.get("next", "")) or "web:sign_in")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
