"""A new password by a link: asked for by those who have forgotten theirs, or made by an administrator."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kariz.accounts import people, sessions
from kariz.accounts.models import User
from kariz.web import letters, security_news, throttle
from kariz.web.sign_in_forms import ForgottenForm, NewPasswordForm


@never_cache
@login_not_required
def forgotten(request: HttpRequest) -> HttpResponse:
    """Says the same, and does as much, whether there is such a user or not."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    is_sent = request.method == "POST" and settings.SENDS_MAIL and form.is_valid()
    if is_sent:
        name = form.cleaned_data["name"]
        if throttle.may_write_to(request, name):
            letters.send_reset(request, people.find(name))
    context = {"form": form, "is_sent": is_sent, "sends_mail": settings.SENDS_MAIL}
    return render(request, "web/sign_in/forgotten.html", context, status=422 if form.errors else 200)


class NewPassword(auth.PasswordResetConfirmView):
    """Django's page keeps the secret of the link in the session, out of the address, and takes it once."""

    template_name = "web/sign_in/new_password.html"
    success_url = reverse_lazy("web:sign_in")
    form_class: Any = NewPasswordForm

    def get_user(self, uidb64: str) -> Any:
        user: User | None = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def get_form(self, form_class: Any = None) -> Any:
        return NewPasswordForm(
            self.user or User(), self.request.POST if self.request.method == "POST" else None
        )

    def form_valid(self, form: Any) -> HttpResponse:
        super().form_valid(form)
        user = form.user
        sessions.end_all(user)
        throttle.unlock(user)
        security_news.tell(user, security_news.PASSWORD_CHANGED)
        messages.success(self.request, _("Your password is changed. Sign in with it."))
        return redirect("web:sign_in")
