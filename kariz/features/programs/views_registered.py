"""The programs that administrators have registered, and one of them with the people who let it in."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from kariz.accounts.models import User
from kariz.api.scopes import Scope
from kariz.features.programs import words
from kariz.features.programs.models import Program
from kariz.features.programs.oauth import connections, registering
from kariz.features.programs.oauth.forms import ProgramForm
from kariz.features.programs.showing import connected
from kariz.web import toasts
from kariz.web.doors import for_administrators, reader

LISTED = 200


@for_administrators
def registered(request: HttpRequest) -> HttpResponse:
    living = connections.is_living("connections__")
    people = Count("connections__user", filter=living, distinct=True)
    programs = [(one, words.said(Scope(one.scope))) for one in Program.objects.annotate(people=people)]
    return render(request, "programs/oauth/registered.html", {"programs": programs})


@never_cache
@for_administrators
def program(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(Program, pk=pk))


@sensitive_variables("secret")
def _page(request: HttpRequest, found: Program, secret: str = "") -> HttpResponse:
    """With a new secret, this once."""
    people = connected(connections.living().filter(program=found)[:LISTED])
    context = {
        "program": found,
        "scope": words.said(Scope(found.scope)),
        "people": people,
        "secret": secret,
    }
    return render(request, "programs/oauth/program.html", context)


@never_cache
@for_administrators
def add(request: HttpRequest) -> HttpResponse:
    return _form(request, Program(made_by=reader(request)))


@never_cache
@for_administrators
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Program, pk=pk))


@sensitive_variables("secret")
def _form(request: HttpRequest, found: Program) -> HttpResponse:
    form = ProgramForm(reader(request), found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        secret = registering.keep(form.filled())
        if secret:
            return _page(request, found, secret)
        return toasts.tell(request, redirect("programs:program", found.pk), _("Saved."))
    context = {"form": form, "program": found}
    return render(request, "programs/oauth/form.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@for_administrators
@sensitive_variables("secret")
def new_secret(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Program, pk=pk, is_confidential=True)
    secret = registering.renew_secret(found)
    return _page(request, found, secret)


@require_POST
@for_administrators
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Program, pk=pk)
    registering.forget(found)
    told = _("“%(name)s” was deleted.") % {"name": found.name}
    return toasts.tell(request, redirect("programs:registered"), told)


@require_POST
@for_administrators
def disconnect(request: HttpRequest, pk: int, user_pk: int) -> HttpResponse:
    """Of somebody."""
    found, user = get_object_or_404(Program, pk=pk), get_object_or_404(User, pk=user_pk)
    connections.end(found, user)
    told = _("“%(name)s” is no longer connected.") % {"name": found.name}
    return toasts.tell(request, redirect("programs:program", pk), told)
