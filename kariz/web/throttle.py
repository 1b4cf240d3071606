"""Slows the guessing of passwords: a name that failed too often waits, at the address where it failed."""

from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kariz.lib.text import fold
from kariz.web.models import SignInFailure

MOST = 10
WITHIN = timedelta(minutes=15)


def is_blocked(request: HttpRequest, name: str) -> bool:
    return _failures(request, name).count() >= MOST


def note_failure(request: HttpRequest, name: str) -> None:
    SignInFailure.objects.create(key=_key(request, name))


def forgive(request: HttpRequest, name: str) -> None:
    """Whoever knows the password starts afresh."""
    _failures(request, name).delete()


def _failures(request: HttpRequest, name: str) -> QuerySet[SignInFailure]:
    return SignInFailure.objects.filter(key=_key(request, name), at__gt=timezone.now() - WITHIN)


def _key(request: HttpRequest, name: str) -> str:
    """Keyed, so that the table tells nothing: people type passwords into the box for names."""
    return salted_hmac("kariz.sign_in", f"{fold(name)}\n{_address(request)}", algorithm="sha256").hexdigest()


def _address(request: HttpRequest) -> str:
    """The client's address; behind a proxy (KARIZ_HTTPS) the one that the proxy itself has added."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
