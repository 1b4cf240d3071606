"""From where something is asked: by whom, from which address, with which browser or command."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from kariz.lib import networks

LONGEST_ADDRESS = 64
LONGEST_AGENT = 200

_request: ContextVar[HttpRequest | None] = ContextVar("kariz_audit_request", default=None)


@dataclass(frozen=True)
class Origin:
    """`agent` is what the browser calls itself, or the command on the server. `user` is None for the program itself."""

    user: Any = None
    address: str = ""
    agent: str = ""


def address_of(request: HttpRequest) -> str:
    """The client's address: behind `KARIZ_PROXIES` trusted proxies the one that the first of them has seen."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return networks.client(request.META.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES)


def origin_of(request: HttpRequest | None) -> Origin:
    """Where a request comes from; without one, the command that runs."""
    if request is None:
        return Origin(agent=" ".join(["kariz", *sys.argv[1:2]]))
    user = getattr(request, "real_user", None) or getattr(request, "user", None)  # who looks, not as whom
    return Origin(
        user if user is not None and user.is_authenticated else None,
        address_of(request),
        request.headers.get("User-Agent", ""),
    )


def present() -> Origin:
    """Where what is happening now comes from. What goes on after the answer, such as a stream, keeps it from before."""
    return origin_of(_request.get())


@contextmanager
def serving(request: HttpRequest) -> Iterator[None]:
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)
