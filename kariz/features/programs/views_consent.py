"""The page to which a program sends a person: what it may do, Allow and Refuse."""

from __future__ import annotations

from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import AccessDeniedError, OAuth2Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from kariz.features.programs.oauth import addresses, asking, connections
from kariz.features.programs.oauth.asking import Asked
from kariz.features.programs.oauth.consent import ConsentForm
from kariz.web.doors import reader
from kariz.web.middleware import policy


@never_cache
def authorize(request: HttpRequest) -> HttpResponse:
    """Whatever is wrong is told to the program, as soon as it is sure which one it is."""
    try:
        asked = asking.read(request.GET)
    except asking.Unaddressed as problem:
        return render(request, "programs/oauth/refused.html", {"text": str(problem)}, status=400)
    except OAuth2Error as error:
        return _refused(request, error)
    form = ConsentForm(asked.scope, request.POST if request.method == "POST" else None)
    decision = request.POST.get("decision")
    if decision == "refuse":
        denied = AccessDeniedError("The person has refused.")
        return asking.sent_back(request, asked.address, asked.state, denied.get_body())
    if decision == "allow" and form.is_valid():
        code = connections.begin(asked, reader(request), form.scope)
        return asking.sent_back(request, asked.address, asked.state, [("code", code)])
    return _asked(request, asked, form)


def _asked(request: HttpRequest, asked: Asked, form: ConsentForm) -> HttpResponse:
    """The question. Browsers follow a form to another site only where the page that holds the form says so."""
    context = {"program": asked.program, "form": form, "machine": addresses.machine(asked.address)}
    status = 422 if request.method == "POST" else 200
    response = render(request, "programs/oauth/consent.html", context, status=status)
    response["Content-Security-Policy"] = policy(forms_lead_to=addresses.source(asked.address))
    return response


def _refused(request: HttpRequest, error: OAuth2Error) -> HttpResponse:
    """Told to the program; by a link where the browser has just come from signing in, whose page lets it go nowhere."""
    address, state, told = error.redirect_uri, error.state, _told(error)
    is_from_here = urlsplit(request.headers.get("Referer", "")).netloc == request.get_host()
    if request.method == "GET" and is_from_here:
        back = asking.answer(request, address, state, told)
        return render(request, "programs/oauth/refused.html", {"back": back, "error": dict(told)}, status=400)
    return asking.sent_back(request, address, state, told)


def _told(error: OAuth2Error) -> list[tuple[str, str]]:
    return [(name, value) for name, value in error.get_body() if name != "state"]
