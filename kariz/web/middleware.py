"""Who may come in, what a page of ours may load, and what browsers may show again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.defaults import permission_denied

from kariz.accounts import previewing
from kariz.accounts.locale import Locale, use
from kariz.core.access import Forbidden
from kariz.web import toasts


def policy(*, forms_lead_to: str = "") -> str:
    """What a page of ours may load, and where its forms may lead: here, and to one source more where one is named."""
    forms = f"'self' {forms_lead_to}".strip()
    return (  # style sheets carry small pictures as `data:`
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
        f" form-action {forms}; frame-ancestors 'none'"
    )


POLICY = policy()

# What no page of ours asks the browser for.
POWERS = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone",
          "midi", "payment", "usb")  # fmt: skip
PERMISSIONS = ", ".join(f"{power}=()" for power in POWERS)


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for signing in, save those that say otherwise. A fragment gets a 401: its page reloads."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        refused = super().process_view(request, *args)
        return HttpResponse(status=401) if refused and "HX-Request" in request.headers else refused


class Previews:
    """An administrator who looks with another person's eyes sees what that person sees, and changes nothing."""

    READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        previewing.begin(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """A form that was shown to the one is not carried out for the other, in the moment of the end either."""
        found = previewing.current(request)
        match = request.resolver_match
        is_stop = match is not None and match.view_name == "web:preview_stop"
        if found is None or is_stop:
            return None
        if request.method in self.READING:
            if found.is_over and "HX-Request" not in request.headers:
                messages.warning(request, _("The preview is over: you see Kariz with your own eyes again."))
            return None
        with use(Locale.of(found.by)):
            if found.is_over:
                text = _("The preview is over, so nothing was changed. Open the page anew.")
            else:
                text = _(
                    "Nothing can be changed while you see Kariz as %(who)s does. Stop the preview first."
                )
            return _refused(request, text % {"who": found.of})


def _refused(request: HttpRequest, text: str) -> HttpResponse:
    if "HX-Request" not in request.headers:
        return permission_denied(request, PermissionDenied(text))
    answer = HttpResponse(status=409, headers={"HX-Reswap": "none"})  # a status whose toast htmx shows
    answer.write(toasts.fragment(request, text, level=messages.WARNING))
    return answer


class Refusals:
    """What the doors refuse is answered by the page that says so, with the reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return permission_denied(request, exception) if isinstance(exception, Forbidden) else None


class Fragments:
    """A page and its fragment have one address: a browser that goes back must not show the one for the other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response


class ContentSecurityPolicy:
    """No script, style or frame but our own files: what somebody writes into a record can never run."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
