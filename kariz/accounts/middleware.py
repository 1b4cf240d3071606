"""Serves every request in the language, calendar and time zone of the person who asked."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kariz.accounts.locale import Locale, use


class PreferencesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with use(_reader(request)) as reader:
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", reader.language)
        return response


def _reader(request: HttpRequest) -> Locale:
    """The person's own language, else the one chosen when signing in, else the company's."""
    user = request.user if request.user.is_authenticated else None
    reader = Locale.of(user)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in dict(settings.LANGUAGES) and not (user and user.language):
        return replace(reader, language=chosen)
    return reader
