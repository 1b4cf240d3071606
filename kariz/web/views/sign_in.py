"""Signing in and out, and the language of the sign-in page."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kariz.accounts import locale
from kariz.accounts.models import LANGUAGES
from kariz.web import throttle

YEAR = 365 * 24 * 3600


class SignInForm(AuthenticationForm):
    """Says the same whether the name, the password or both are wrong."""

    error_messages = {
        "invalid_login": gettext_lazy(
            "This name and password do not belong together. Check both and try again."
        ),
        "inactive": gettext_lazy("This name and password do not belong together. Check both and try again."),
        "blocked": gettext_lazy(
            "Too many attempts. Wait %(minutes)s minutes, or ask your administrator for a new password."
        ),
    }

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        request: HttpRequest = self.request  # type: ignore[assignment]
        if throttle.is_blocked(request, name):
            minutes = {"minutes": locale.active().number(throttle.WITHIN.seconds // 60)}
            raise ValidationError(self.error_messages["blocked"], code="blocked", params=minutes)
        try:
            cleaned = super().clean()
        except ValidationError:
            throttle.note_failure(request, name)
            raise
        throttle.forgive(request, name)
        return cleaned


class SignIn(auth.LoginView):
    template_name = "web/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True
    extra_context = {"languages": LANGUAGES}


class SignOut(auth.LogoutView):
    """By POST only: a link on some other page signs nobody out."""


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language in a cookie, for the pages before signing in."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(LANGUAGES):
        return HttpResponseBadRequest(_("Choose one of the languages."))
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if is_ours else "web:sign_in")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
