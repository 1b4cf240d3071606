"""The link of an invitation: somebody becomes a user."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kariz.accounts import company, invitations
from kariz.accounts.credentials import Invitation
from kariz.accounts.models import User
from kariz.web import signing_in
from kariz.web.sign_in_forms import JoinForm


@sensitive_post_parameters()
@never_cache
@login_not_required
def join(request: HttpRequest, secret: str) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("web:home")
    invitation = invitations.find(secret)
    if invitation is None:
        return render(request, "web/sign_in/no_invitation.html", status=404)
    form = JoinForm(invitation, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (user := _accept(form, invitation)):
        return signing_in.begin(request, user)
    context = {"form": form, "invitation": invitation, "company": company.current()}
    return render(request, "web/sign_in/join.html", context, status=422 if form.errors else 200)


def _accept(form: JoinForm, invitation: Invitation) -> User | None:
    told = form.cleaned_data
    try:
        return invitations.accept(
            invitation, username=told["username"], name=told["name"], password=told["new_password"]
        )
    except ValidationError as error:
        reasons = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, texts in reasons.items():
            form.add_error(name if name in form.fields else None, texts)
        return None
