"""The page on which people see and change how they sign in, and where they are signed in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kariz import audit
from kariz.accounts import demands, factors, people, sessions
from kariz.accounts.models import User
from kariz.web import letters, security_news, throttle
from kariz.web.confirming import confirmed
from kariz.web.doors import reader
from kariz.web.sign_in_forms import EmailForm, NewPasswordForm

EMAIL_LINK_FOR = 24 * 3600  # seconds


def security(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    mine = factors.of(user)
    context = {
        "factors": mine,
        "must_add": demands.needs_factor(user) and not mine,
        "sessions": sessions.of(user),
        "this_one": sessions.hashed(request.session.session_key),
        "sends_mail": settings.SENDS_MAIL,
    }
    return render(request, "web/security/security.html", context)


@sensitive_post_parameters()
@confirmed
def password(request: HttpRequest) -> HttpResponse:
    """Another password; every other browser is signed out."""
    user = User.objects.get(pk=reader(request).pk)
    form = NewPasswordForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        update_session_auth_hash(request, saved)
        sessions.end_all(saved, but=request.session)
        security_news.tell(saved, security_news.PASSWORD_CHANGED)
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return redirect("web:security")
    context = {"form": form, "title": _("Change password"), "verb": _("Change password")}
    return _ask(request, context)


@confirmed
def email(request: HttpRequest) -> HttpResponse:
    """Another e-mail address, which counts when its link has been opened."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if not settings.SENDS_MAIL:
        return redirect("web:security")
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["email"]
        if throttle.may_write_to(request, to):
            letters.send_email_check(request, reader(request), to)
        messages.success(
            request, _("A mail is on its way to %(email)s. Open the link in it.") % {"email": to}
        )
        return redirect("web:security")
    return _ask(request, {"form": form, "title": _("Change e-mail address"), "verb": _("Send the link")})


def email_check(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail to the new address: it counts for whoever has asked for it."""
    user = User.objects.get(pk=reader(request).pk)
    try:
        told = signing.loads(token, salt=letters.EMAIL_SALT, max_age=EMAIL_LINK_FOR)
    except signing.BadSignature:
        told = {}
    if told.get("user") != user.pk or told.get("from") != user.email:
        messages.warning(request, _("This link works no more. Ask for another one."))
        return redirect("web:security")
    try:
        with audit.changing("sign_in.email", user):
            people.change_email(user, told["to"])
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("web:security")
    security_news.tell(user, security_news.EMAIL_CHANGED, email=told["to"])
    messages.success(request, _("Your e-mail address is %(email)s now.") % {"email": told["to"]})
    return redirect("web:security")


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out one other browser, or all others."""
    user = reader(request)
    chosen = request.POST.get("session", "")
    if not chosen:
        sessions.end_all(user, but=request.session)
        messages.success(request, _("You are signed out everywhere else."))
    elif (
        sessions.of(user)
        .exclude(pk=sessions.hashed(request.session.session_key))
        .filter(pk=chosen)
        .delete()[0]
    ):
        messages.success(request, _("That browser is signed out."))
    return redirect("web:security")


def _ask(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    return render(
        request, "web/security/asking.html", context, status=422 if request.method == "POST" else 200
    )
