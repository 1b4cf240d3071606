"""The people who work with Kariz."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from kariz.accounts import company, people, previewing
from kariz.accounts.models import User
from kariz.features.customize import handing_over, pages
from kariz.features.customize.doors import for_administrators
from kariz.features.customize.forms.people import DeactivateForm, UserForm
from kariz.web.doors import reader
from kariz.web.navigation import is_fragment


@for_administrators
def users(request: HttpRequest) -> HttpResponse:
    everyone = User.objects.select_related("team").order_by("-is_active", "name", "username")
    return pages.show(request, "customize/users.html", "users", people=everyone, me=reader(request))


@sensitive_variables("password")
@for_administrators
def add(request: HttpRequest) -> HttpResponse:
    """A new user, and the password that is shown this once."""
    form = UserForm(pages.sent(request), administrator=reader(request))
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        password = people.set_password(user)
        with transaction.atomic():
            user.save()
            form.save_m2m()
            company.touch()
        return _tell_password(request, user, password, _("%(user)s can sign in") % {"user": user})
    back = reverse("customize:users")
    title = _("Add user")
    return pages.ask(request, title, "customize/_plain.html", form=form, back=back, verb=title, size="wide")


@for_administrators
def change(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = UserForm(pages.sent(request), instance=user, administrator=reader(request))
    back = reverse("customize:users")
    if request.method == "POST" and form.is_valid():
        try:
            with people.keeping_an_administrator():
                form.save()
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            return pages.go(request, back, _("%(user)s is saved.") % {"user": user})
    me = reader(request)
    context = {
        "person": user,
        "me": me,
        "may_preview": previewing.may_be_seen_as(user, me),
        "size": "wide",
    }
    return pages.ask(request, str(user), "customize/_user.html", form=form, back=back, **context)


@sensitive_variables("password")
@require_POST
@for_administrators
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Another password in place of a forgotten one; the user stays signed in nowhere."""
    user = get_object_or_404(User, pk=pk)
    password = people.set_password(user)
    user.save(update_fields=["password"])
    return _tell_password(request, user, password, _("A new password for %(user)s") % {"user": user})


def _tell_password(request: HttpRequest, user: User, password: str, title: str) -> HttpResponse:
    context = {"title": title, "person": user, "password": password, "back": reverse("customize:users")}
    template = "customize/_password.html" if is_fragment(request) else "customize/password.html"
    return render(request, template, context)


@for_administrators
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's access. What was done stays; open records can go to somebody else."""
    user = get_object_or_404(User, pk=pk)
    form = DeactivateForm(user, pages.sent(request))
    back = reverse("customize:users")
    is_oneself = user.pk == reader(request).pk
    if request.method == "POST" and form.is_valid() and not is_oneself:
        undo_url = _deactivate(user, form.cleaned_data["hand_over_to"], reader(request))
        return pages.go(request, back, _("%(user)s can sign in no more.") % {"user": user}, undo_url=undo_url)
    context = {
        "person": user,
        "is_oneself": is_oneself,
        "counts": handing_over.counts(user),
        "verb": _("Deactivate"),
        "is_bad": True,
    }
    title = _("Deactivate %(user)s?") % {"user": user}
    return pages.ask(request, title, "customize/_deactivate.html", form=form, back=back, **context)


@transaction.atomic
def _deactivate(user: User, heir: User | None, by: User) -> str:
    """The address that undoes the handing over; empty where nothing was handed over."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    company.touch()
    batch = handing_over.hand_over(user, heir, by) if heir else None
    return reverse("web:undo", args=[batch.pk]) if batch and batch.changes.exists() else ""


@require_POST
@for_administrators
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    User.objects.filter(pk=pk).update(is_active=True)
    company.touch()
    return pages.go(request, reverse("customize:users"), _("%(user)s can sign in again.") % {"user": user})
