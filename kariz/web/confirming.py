"""Asking once more who somebody is, before what would help a thief of the session: passwords, factors, addresses."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from kariz.accounts.sessions import CONFIRMED_AT
from kariz.web.navigation import inside, is_fragment

FOR = timedelta(minutes=15)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def confirm(request: HttpRequest) -> None:
    request.session[CONFIRMED_AT] = time.time()


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has signed in or said who he is again within the last quarter of an hour."""
    at: float = request.session.get(CONFIRMED_AT, 0)
    return time.time() - at < FOR.total_seconds()


def confirmed(view: View[P]) -> View[P]:
    """A page that asks first; what was sent to it is not done, the page that sent it comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if is_confirmed(request) else ask(request)

    return guarded  # type: ignore[return-value]  # functools' own class, which is called the same


def ask(request: HttpRequest) -> HttpResponse:
    url = f"{reverse('web:confirm')}?{urlencode({'next': _page(request)})}"
    return HttpResponseClientRedirect(url) if is_fragment(request) else redirect(url)


def _page(request: HttpRequest) -> str:
    """The page to come back to: this one or, where something was sent or a dialog opened, the one that did so."""
    if request.method == "GET" and not is_fragment(request):
        return request.get_full_path()
    before = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    there = f"{before.path}?{before.query}" if before.query else before.path
    return inside(request, there) or reverse("web:security")
