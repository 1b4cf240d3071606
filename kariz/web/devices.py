"""The browsers in which somebody has signed in before: a signed cookie that says whose, and nothing else."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from kariz.accounts.models import User

SALT = "kariz.device"
YEAR = 365 * 24 * 3600


def of(request: HttpRequest, user: User | None) -> str:
    """The name of the browser, where this person has signed in with it before; else nothing."""
    told = _told(request)
    is_theirs = user is not None and told.get("user") == user.pk
    return str(told["device"]) if is_theirs else ""


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Know this browser as the person's from now on."""
    device = of(request, user) or get_random_string(22)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps({"user": user.pk, "device": device}, salt=SALT),
        max_age=YEAR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _told(request: HttpRequest) -> dict[str, Any]:
    try:
        told: dict[str, Any] = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=YEAR
        )
    except signing.BadSignature:
        return {}
    return told
