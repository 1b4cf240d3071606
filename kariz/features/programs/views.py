"""The tokens and connected programs of a person, those of everybody for administrators; making and revoking them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from kariz.accounts.models import User
from kariz.api import tokens as keys
from kariz.api.models import Token
from kariz.features.programs.forms import ServiceTokenForm, TokenForm
from kariz.features.programs.models import Program
from kariz.features.programs.oauth import connections
from kariz.features.programs.showing import Shown, connected
from kariz.web.confirming import confirmed
from kariz.web.doors import for_administrators, reader

LISTED = 200


def tokens(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    mine, theirs = Token.objects.filter(owner=user), connections.living().filter(user=user)
    return _listed(request, mine, theirs, is_everybody=False)


@for_administrators
def everybody(request: HttpRequest) -> HttpResponse:
    """Every token, and every program that anybody has connected."""
    return _listed(request, Token.objects.all(), connections.living(), is_everybody=True)


def _listed(request: HttpRequest, found: Any, made: Any, *, is_everybody: bool) -> HttpResponse:
    context = {
        "tokens": [Shown(one) for one in found.select_related("owner", "made_by")[:LISTED]],
        "connected": connected(made[:LISTED]),
        "is_everybody": is_everybody,
    }
    return render(request, "programs/tokens.html", context)


@never_cache
@confirmed
def new(request: HttpRequest) -> HttpResponse:
    """A token for oneself."""
    user = reader(request)
    form = TokenForm(user, request.POST or None)
    if form.is_valid():
        return _made(request, form, owner=user, back="programs:tokens")
    return _asked(request, form, "programs:tokens")


@never_cache
@for_administrators
@confirmed
def new_service(request: HttpRequest) -> HttpResponse:
    """A token for a program, which acts as the chosen user."""
    form = ServiceTokenForm(reader(request), request.POST or None)
    if form.is_valid():
        return _made(
            request, form, owner=form.cleaned_data["owner"], back="programs:everybody", is_service=True
        )
    return _asked(request, form, "programs:everybody")


@sensitive_variables("secret")
def _made(
    request: HttpRequest, form: TokenForm, *, owner: User, back: str, is_service: bool = False
) -> HttpResponse:
    """The page that shows the secret, this once."""
    token, secret = keys.make(
        owner,
        form.cleaned_data["name"],
        made_by=reader(request),
        scope=form.scope,
        expires_at=form.expires_at,
        is_service=is_service,
    )
    return render(request, "programs/made.html", {"shown": Shown(token), "secret": secret, "back": back})


def _asked(request: HttpRequest, form: TokenForm, back: str) -> HttpResponse:
    context = {"form": form, "back": back}
    return render(request, "programs/new.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    return _revoked(request, get_object_or_404(Token, pk=pk, owner=reader(request)), "programs:tokens")


@require_POST
@for_administrators
def revoke_any(request: HttpRequest, pk: int) -> HttpResponse:
    return _revoked(request, get_object_or_404(Token, pk=pk), "programs:everybody")


def _revoked(request: HttpRequest, token: Token, back: str) -> HttpResponse:
    keys.revoke(token)
    messages.success(request, _("“%(name)s” lets nobody in any more.") % {"name": token.name})
    return redirect(back)


@require_POST
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a program of one's own."""
    user = reader(request)
    program = get_object_or_404(Program.objects.filter(connections__user=user).distinct(), pk=pk)
    connections.end(program, user)
    messages.success(request, _("“%(name)s” is no longer connected.") % {"name": program.name})
    return redirect(f"{reverse('programs:tokens')}#connected")
