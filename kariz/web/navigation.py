"""Pages and fragments of one view, and going to another page from either."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseLocation, trigger_client_event

MAIN = "#main"


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for what stands inside the page's frame."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.history_restore_request


def template(request: HttpRequest, page: str, fragment: str) -> str:
    return fragment if is_fragment(request) else page


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Show another page: htmx closes the dialog that asked and fetches its inside, a plain request is redirected."""
    if is_fragment(request):
        return trigger_client_event(HttpResponseLocation(url, target=MAIN, swap="innerHTML"), "closeDialog")
    return HttpResponseRedirect(url)


def inside(request: HttpRequest, url: str) -> str:
    """The address, if it leads to a page of ours; else nothing."""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else ""
