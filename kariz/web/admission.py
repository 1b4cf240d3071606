"""What is asked of those who have signed in, at every page: the networks of their roles, and a second factor."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from kariz.accounts import clients, demands
from kariz.accounts.sessions import HAS_FACTOR
from kariz.web.navigation import is_fragment

# What somebody needs who has to set up a second factor first.
SETTING_UP = {
    "web:security", "web:confirm", "web:code_app", "web:passkey_add", "web:passkey_options", "web:passkey_new",
    "web:recovery_codes", "web:theme", "web:language", "web:password", "web:sso", "web:sso_back",
}  # fmt: skip
LEAVING = "web:sign_out"


class Admission:
    """Runs as middleware behind the one that asks for signing in. Costs no query."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        user = request.user
        match = request.resolver_match
        if not user.is_authenticated or (match and match.view_name == LEAVING):
            return None
        address = clients.address(request)
        request.session.touch(address)  # type: ignore[attr-defined]  # our own store
        if not demands.may_come_from(user, address):
            return refused(request)
        if demands.needs_factor(user) and not request.session.get(HAS_FACTOR):
            return None if match and match.view_name in SETTING_UP else _to_setting_up(request)
        return None


def refused(request: HttpRequest) -> HttpResponse:
    """The page that says that one may not come in from here."""
    context = {"address": clients.address(request)}
    return render(request, "web/sign_in/elsewhere.html", context, status=403)


def _to_setting_up(request: HttpRequest) -> HttpResponse:
    url = reverse("web:security")
    return HttpResponseClientRedirect(url) if is_fragment(request) else redirect(url)
