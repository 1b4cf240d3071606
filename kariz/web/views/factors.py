"""Adding and removing second factors: authenticator app, passkeys, recovery codes."""

from __future__ import annotations

import base64

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kariz import audit
from kariz.accounts import company, factors, passkeys, sessions
from kariz.accounts.credentials import Passkey, RecoveryCode
from kariz.accounts.models import User
from kariz.accounts.passkeys import Refused
from kariz.lib import otp
from kariz.web import passkey_answers, security_news, throttle
from kariz.web.confirming import confirmed
from kariz.web.doors import reader
from kariz.web.sign_in_forms import too_many
from kariz.web.throttle import Waiting

NEW_SECRET = "new_app_secret"  # noqa: S105 # nosec B105 # where the session keeps it until the app has shown that it has it


@sensitive_post_parameters()
@never_cache
@confirmed
def code_app(request: HttpRequest) -> HttpResponse:
    """The picture for the app, and the first code of it, without which nothing is changed."""
    user = reader(request)
    secret = request.session.get(NEW_SECRET) or otp.new_secret()
    request.session[NEW_SECRET] = secret
    problem = _try_app(request, user, secret) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        del request.session[NEW_SECRET]
        return _added(request, user, _("The authenticator app is set up."), security_news.APP_ADDED)
    address = otp.address(secret, issuer=f"Kariz {company.current().name}", account=user.get_username())
    context = {
        "picture": _picture(address),
        "address": address,
        "secret": _spaced(secret),
        "problem": problem,
    }
    return render(request, "web/security/code_app.html", context, status=422 if problem else 200)


def _try_app(request: HttpRequest, user: User, secret: str) -> str:
    try:
        with throttle.code(request, user) as trial:
            if factors.add_app(user, secret, request.POST.get("code", "")):
                trial.succeeded()
                return ""
    except Waiting as waiting:
        return " ".join(too_many(waiting).messages)
    return _("This code is not the app's. Is the clock of the device right? Try the next code.")


def _picture(address: str) -> str:
    """The QR code as an image that a page may hold without a file."""
    svg = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.replace('<svg', SVG, 1).encode()).decode()}"


SVG = '<svg xmlns="http://www.w3.org/2000/svg"'


def _spaced(secret: str) -> str:
    """For typing it into an app that has no camera."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


@require_POST
@confirmed
def remove_app(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    factors.drop_app(user)
    return _removed(request, user, _("The authenticator app is removed."), security_news.APP_REMOVED)


@never_cache
@confirmed
def add_passkey(request: HttpRequest) -> HttpResponse:
    """The page that asks for a name, and the answer of the browser that has made the key."""
    user = reader(request)
    name = request.POST.get("name", "").strip()[:60] or _("Passkey")
    problem = ""
    if request.method == "POST":
        try:
            key = passkey_answers.added(request, user, name)
            text = _("The passkey %(name)s is set up.") % {"name": key.name}
            return _added(request, user, text, security_news.PASSKEY_ADDED, name=key.name)
        except Refused:
            problem = _("The passkey could not be set up. Try again.")
    context = {"problem": problem, "name": name if problem else ""}
    return render(request, "web/security/passkey.html", context, status=422 if problem else 200)


@require_POST
@confirmed
def new_passkey(request: HttpRequest) -> JsonResponse:
    """What the browser needs to make a key."""
    user = reader(request)
    if Passkey.objects.filter(user=user).count() >= passkeys.MOST:
        return JsonResponse(
            {"problem": _("You have as many passkeys as there can be. Remove one first.")}, status=422
        )
    return JsonResponse(passkey_answers.ask_to_add(request, user))


@require_POST
@confirmed
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    user = reader(request)
    name = factors.drop_passkey(user, pk)
    if not name:
        return redirect("web:security")
    text = _("The passkey %(name)s is removed.") % {"name": name}
    return _removed(request, user, text, security_news.PASSKEY_REMOVED, name=name)


@require_POST
@never_cache
@confirmed
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New codes, shown on the answer to this request and nowhere again."""
    user = reader(request)
    if not factors.has_any(user):
        return redirect("web:security")
    _note(user, "changed", name=_("Recovery codes"))
    security_news.tell(user, security_news.RECOVERY_CODES_MADE)
    return _show_codes(request, factors.new_recovery_codes(user))


def _added(request: HttpRequest, user: User, text: str, news: str, **params: str) -> HttpResponse:
    """From now on this browser counts as one with a second factor; with the first one come recovery codes."""
    sessions.note_factor(request, user)
    _note(user, "added", **params)
    security_news.tell(user, news, **params)
    messages.success(request, text)
    if RecoveryCode.objects.filter(user=user).exists():
        return redirect("web:security")
    return _show_codes(request, factors.new_recovery_codes(user))


def _removed(request: HttpRequest, user: User, text: str, news: str, **params: str) -> HttpResponse:
    """Other browsers are signed out: they may be why."""
    sessions.note_factor(request, user)
    sessions.end_all(user, but=request.session)
    _note(user, "removed", **params)
    security_news.tell(user, news, **params)
    messages.success(request, text)
    return redirect("web:security")


def _note(user: User, did: str, name: str = "") -> None:
    """Tell the audit log of a passkey of this name, or of the app, which has none."""
    audit.note("sign_in.factors", about=user, did=did, which=name or _("Authenticator app"))


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    file = base64.b64encode("".join(f"{code}\n" for code in codes).encode()).decode()
    context = {"codes": codes, "file": f"data:text/plain;base64,{file}"}
    return render(request, "web/security/recovery_codes.html", context)
