"""Lets entries know the request in which they are written."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kariz.audit import origins


class Witness:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origins.serving(request):
            return self.get_response(request)
