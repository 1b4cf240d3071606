"""How a person signs in and where he is signed in, for administrators: to help those who are locked out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz import audit
from kariz.accounts import factors, sessions
from kariz.accounts.models import User
from kariz.features.customize import pages
from kariz.web import letters, security_news, throttle
from kariz.web.confirming import confirmed
from kariz.web.doors import for_administrators


@for_administrators
def access(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(User.objects.prefetch_related("identities"), pk=pk))


@require_POST
@for_administrators
@confirmed
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign somebody out of one browser, or of all."""
    user = get_object_or_404(User, pk=pk)
    chosen = request.POST.get("session", "")
    if chosen:
        sessions.of(user).filter(pk=chosen).delete()
    else:
        sessions.end_all(user, but=request.session)
    return _done(request, user, _("%(user)s is signed out there.") % {"user": user})


@require_POST
@for_administrators
@confirmed
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    throttle.unlock(user)
    return _done(request, user, _("%(user)s can try again at once.") % {"user": user})


@require_POST
@for_administrators
@confirmed
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away the factors of somebody who has lost them; whoever still uses them is signed out."""
    user = get_object_or_404(User, pk=pk)
    with transaction.atomic():
        factors.reset(user)
        audit.note("rights.factors", about=user)
    sessions.end_all(user)
    security_news.tell(user, security_news.FACTORS_RESET)
    return _done(request, user, _("%(user)s signs in with the password alone again.") % {"user": user})


@require_POST
@for_administrators
@confirmed
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link by which somebody chooses a new password, shown this once, to be passed on by a safe way."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    audit.note("rights.link", about=user)
    return _page(request, user, link=letters.site(request) + letters.reset_path(user))


def _page(request: HttpRequest, user: User, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "person": user,
        "factors": factors.of(user),
        "identities": user.identities.all(),
        "sessions": sessions.of(user),
        "wait": throttle.wait(user),
        "this_one": sessions.hashed(request.session.session_key),
    }
    return pages.show(request, "customize/access.html", "users", **context, **more)


def _done(request: HttpRequest, user: User, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect(reverse("customize:user_access", args=[user.pk]))
