"""Slows the guessing of passwords: a name that failed too often waits, at the address where it failed."""

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kariz import audit
from kariz.audit.origins import address_of
from kariz.lib.text import fold
from kariz.web.models import SignInFailure

MOST = 10
WITHIN = timedelta(minutes=15)


def is_blocked(request: HttpRequest, name: str) -> bool:
    return _failures(request, name).count() >= MOST


def note_failure(request: HttpRequest, name: str) -> None:
    SignInFailure.objects.create(key=_key(request, name))
    if _failures(request, name).count() == MOST:
        audit.note("sign_in.locked", typed=name)


def forgive(request: HttpRequest, name: str) -> None:
    """Whoever knows the password starts afresh."""
    _failures(request, name).delete()


def _failures(request: HttpRequest, name: str) -> QuerySet[SignInFailure]:
    return SignInFailure.objects.filter(key=_key(request, name), at__gt=timezone.now() - WITHIN)


def _key(request: HttpRequest, name: str) -> str:
    """Keyed, so that the table tells nothing: people type passwords into the box for names."""
    return salted_hmac(
        "kariz.sign_in", f"{fold(name)}\n{address_of(request)}", algorithm="sha256"
    ).hexdigest()
