"""The people who work with Kariz."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from kariz import audit
from kariz.accounts import company, locale, people, previewing, sessions
from kariz.accounts.credentials import CodeApp, Invitation, Passkey
from kariz.accounts.models import User
from kariz.features.customize import handing_over, pages
from kariz.features.customize.forms.people import DeactivateForm, UserForm
from kariz.features.customize.handing_over import HandedOver
from kariz.web import security_news, throttle
from kariz.web.confirming import confirmed
from kariz.web.doors import for_administrators, reader
from kariz.web.navigation import is_fragment


@for_administrators
def users(request: HttpRequest) -> HttpResponse:
    secured = {"has_app": Exists(CodeApp.objects.filter(user=OuterRef("pk")))}
    secured |= {"has_passkey": Exists(Passkey.objects.filter(user=OuterRef("pk")))}
    everyone = User.objects.select_related("team").annotate(**secured)
    context: dict[str, Any] = {
        "people": everyone.order_by("-is_active", "name", "username"),
        "me": reader(request),
        "invitations": Invitation.objects.select_related("role", "team"),
        "now": timezone.now(),
    }
    return pages.show(request, "customize/users.html", "users", **context)


@sensitive_variables("password")
@for_administrators
@confirmed
def add(request: HttpRequest) -> HttpResponse:
    """A new user, and the password that is shown this once."""
    form = UserForm(pages.sent(request), administrator=reader(request))
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        password = people.set_password(user)
        with audit.changing("rights.user", user):
            user.save()
            form.save_m2m()
            company.touch()
        return _tell_password(request, user, password, _("%(user)s can sign in") % {"user": user})
    back = reverse("customize:users")
    title = _("Add user")
    return pages.ask(request, title, "customize/_plain.html", form=form, back=back, verb=title, size="wide")


@for_administrators
@confirmed
def change(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = UserForm(pages.sent(request), instance=user, administrator=reader(request))
    back = reverse("customize:users")
    if request.method == "POST" and form.is_valid():
        try:
            with people.keeping_an_administrator(), audit.changing("rights.user", user):
                form.save()
                if "other_roles" in form.changed_data:
                    roles = [str(role) for role in user.other_roles.all()]
                    audit.note("rights.changed", about=user, other_roles=roles)
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            if "email" in form.changed_data:
                security_news.tell(user, security_news.EMAIL_CHANGED, email=user.email)
            return pages.go(request, back, _("%(user)s is saved.") % {"user": user})
    me = reader(request)
    context: dict[str, Any] = {
        "person": user,
        "me": me,
        "may_preview": previewing.may_be_seen_as(user, me),
        "size": "wide",
    }
    return pages.ask(request, str(user), "customize/_user.html", form=form, back=back, **context)


@sensitive_variables("password")
@require_POST
@for_administrators
@confirmed
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Another password in place of a forgotten one; the user stays signed in nowhere."""
    user = get_object_or_404(User, pk=pk)
    password = people.set_password(user)
    with transaction.atomic():
        user.save(update_fields=["password"])
        audit.note("rights.password", about=user)
    sessions.end_all(user, but=request.session if user.pk == reader(request).pk else None)
    throttle.unlock(user)
    return _tell_password(request, user, password, _("A new password for %(user)s") % {"user": user})


def _tell_password(request: HttpRequest, user: User, password: str, title: str) -> HttpResponse:
    context = {"title": title, "person": user, "password": password, "back": reverse("customize:users")}
    template = "customize/_password.html" if is_fragment(request) else "customize/password.html"
    return render(request, template, context)


@for_administrators
@confirmed
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """End somebody's access. What was done stays; open records can go to somebody else."""
    user = get_object_or_404(User, pk=pk)
    form = DeactivateForm(user, pages.sent(request))
    back = reverse("customize:users")
    is_oneself = user.pk == reader(request).pk
    if request.method == "POST" and form.is_valid() and not is_oneself:
        handed = _deactivate(user, form.cleaned_data["hand_over_to"], reader(request))
        return pages.go(request, back, _told(user, handed), undo_url=handed.undo_url if handed else "")
    context: dict[str, Any] = {
        "person": user,
        "is_oneself": is_oneself,
        "counts": handing_over.counts(user),
        "verb": _("Deactivate"),
        "is_bad": True,
    }
    title = _("Deactivate %(user)s?") % {"user": user}
    return pages.ask(request, title, "customize/_deactivate.html", form=form, back=back, **context)


@transaction.atomic
def _deactivate(user: User, heir: User | None, by: User) -> HandedOver | None:
    """Sign-in ends at once, in every browser; nothing of it is left where handing over fails."""
    with audit.changing("rights.user", user):
        User.objects.filter(pk=user.pk).update(is_active=False)
    company.touch()
    sessions.end_all(user)
    return handing_over.hand_over(user, heir, by) if heir else None


def _told(user: User, handed: HandedOver | None) -> str:
    text = _("%(user)s can sign in no more.") % {"user": user}
    if handed and handed.is_later:
        return f"{text} {_('The records are handed over in the background; you hear when it is done.')}"
    if handed and handed.left:
        left = ngettext(
            "%(count)s record could not be handed over.",
            "%(count)s records could not be handed over.",
            handed.left,
        )
        return f"{text} {left % {'count': locale.active().number(handed.left)}}"
    return text


@require_POST
@for_administrators
@confirmed
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    back = reverse("customize:users")
    try:
        with audit.changing("rights.user", user):
            people.activate(user)
    except ValidationError as error:
        return pages.warn(request, " ".join(error.messages), back)
    return pages.go(request, back, _("%(user)s can sign in again.") % {"user": user})
