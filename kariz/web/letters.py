"""Mails about signing in, written and sent by jobs: no page waits for the network.

What a link in them holds is made when the mail is written and stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from kariz import jobs
from kariz.accounts import company, invitations, locale
from kariz.accounts.credentials import Invitation
from kariz.accounts.locale import Locale
from kariz.accounts.models import User

TASK = "send_letter"
EMAIL_SALT = "kariz.email"


def site(request: HttpRequest) -> str:
    """Where links lead."""
    return settings.URL or f"{request.scheme}://{request.get_host()}"


def reset_path(user: User) -> str:
    """Where somebody chooses a new password: open until it is used, the person signs in, or the time is over."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("web:new_password", args=[uid, default_token_generator.make_token(user)])


def send_reset(request: HttpRequest, user: User | None) -> None:
    """As much work for nobody as for somebody: how long it takes tells nothing."""
    jobs.enqueue(TASK, letter="reset", about=user.pk if user else 0, site=site(request))


def send_invitation(request: HttpRequest, invitation: Invitation) -> None:
    jobs.enqueue(TASK, letter="invitation", about=invitation.pk, site=site(request))


def send_email_check(request: HttpRequest, user: User, email: str) -> None:
    jobs.enqueue(TASK, letter="email", about=user.pk, site=site(request), params={"email": email})


def send_news(user: User, text: str, params: Mapping[str, Any]) -> None:
    if settings.SENDS_MAIL and user.email:
        jobs.enqueue(TASK, letter="news", about=user.pk, text=text, params=dict(params), to=user.email)


@jobs.task(TASK)
def send_letter(job: Any, *, letter: str, about: int, **more: Any) -> None:
    _LETTERS[letter](about, **more)


def _reset(pk: int, *, site: str) -> None:
    user = User.objects.filter(pk=pk, is_active=True).exclude(email="").first()
    if user is None or not user.has_usable_password():
        return
    with locale.use(Locale.of(user)):
        _send(user.email, _("A new password for Kariz"), "reset", user=user, url=site + reset_path(user))


def _invitation(pk: int, *, site: str) -> None:
    invitation = Invitation.objects.select_related("invited_by").filter(pk=pk).first()
    if invitation is None:
        return
    secret = invitations.renew(invitation)
    with locale.use(Locale.of(User(language=invitation.language))):
        url = site + reverse("web:join", args=[secret])
        title = _("%(company)s invites you to Kariz") % {"company": company.current().name}
        _send(invitation.email, title, "invitation", invitation=invitation, url=url)


def _email(pk: int, *, site: str, params: Mapping[str, str]) -> None:
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        return
    token = signing.dumps({"user": pk, "from": user.email, "to": params["email"]}, salt=EMAIL_SALT)
    with locale.use(Locale.of(user)):
        url = site + reverse("web:email_check", args=[token])
        _send(params["email"], _("Your new e-mail address in Kariz"), "email", user=user, url=url)


def _news(pk: int, *, text: str, params: Mapping[str, Any], to: str) -> None:
    user = User.objects.filter(pk=pk).first()
    if user is None:
        return
    with locale.use(Locale.of(user)):
        _send(to, _("Your sign-in to Kariz has changed"), "news", user=user, text=_(text) % params)


def _send(to: str, subject: str, template: str, **context: Any) -> None:
    context |= {"company": company.current()}
    body = render_to_string(f"web/letters/{template}.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=[to]).send()


_LETTERS: dict[str, Callable[..., None]] = {
    "reset": _reset,
    "invitation": _invitation,
    "email": _email,
    "news": _news,
}
