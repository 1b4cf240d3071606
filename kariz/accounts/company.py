"""The company's settings, read once per request, and the revision that tells caches when to read again."""

from threading import local
from typing import Any

from django.core.signals import request_finished, request_started

from kariz.accounts.models import Company, new_revision

_seen = local()


def current() -> Company:
    """The company's row; one query per request or job, made on first use."""
    found: Company | None = getattr(_seen, "company", None)
    if found is None:
        found = Company.objects.get_or_create(pk=1)[0]
        _seen.company = found
    return found


def memory() -> dict[Any, Any]:
    """What else is read once per request or job; forgotten together with the row."""
    current()
    found: dict[Any, Any] = _seen.__dict__.setdefault("memory", {})
    return found


def forget(**_: object) -> None:
    """Read the row again at the next use. Jobs and commands call it at their start."""
    _seen.__dict__.clear()


def touch() -> None:
    """Say that fields, choices, layouts or settings have changed, to every process."""
    Company.objects.update_or_create(pk=1, defaults={"revision": new_revision()})
    forget()


def forget_between_requests() -> None:
    request_started.connect(forget, dispatch_uid="kariz.company")
    request_finished.connect(forget, dispatch_uid="kariz.company")
