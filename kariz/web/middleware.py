"""Who may come in, what a page of ours may load, and what browsers may show again."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.defaults import permission_denied

from kariz.core.access import Forbidden

# Style sheets carry small pictures as `data:`.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)


# What no page of ours asks the browser for.
POWERS = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone",
          "midi", "payment", "usb")  # fmt: skip
PERMISSIONS = ", ".join(f"{power}=()" for power in POWERS)


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for signing in, save those that say otherwise. A fragment gets a 401: its page reloads."""

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        refused = super().process_view(request, *args)
        return HttpResponse(status=401) if refused and "HX-Request" in request.headers else refused


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
