"""The page of the API: what its document says, for people, with a form to try each request as oneself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from kariz.api import openapi
from kariz.api.authentication import Caller
from kariz.api.endpoints import Call
from kariz.api.scopes import EVERYTHING
from kariz.features.programs import reading
from kariz.web.doors import reader


def api(request: HttpRequest, type_name: str = "") -> HttpResponse:
    """What concerns one record type; without one, what concerns none."""
    user = reader(request)
    call = Call(request, Caller(user, EVERYTHING, f"user {user.pk}", is_browser=True))
    types = call.types()
    record_type = next((one for one in types if one.name == type_name), None)
    if type_name and record_type is None:
        raise Http404
    operations = reading.operations(openapi.document(call), type_name)
    context = {"types": types, "record_type": record_type, "operations": operations}
    return render(request, "programs/api.html", context)
