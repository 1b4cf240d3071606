"""Looking at Kariz as another person sees it: noted in the session with a moment, over by itself after half an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.dispatch import Signal
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kariz.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

KEY = "preview"
LASTS = timedelta(minutes=30)

previewed = Signal()
"""Sent at the start and at the end with `by` and `of`, two users, `is_start`, `why` it ended (`stopped` or `over`) and
`at`; the sender is `User`."""


@dataclass(frozen=True)
class Preview:
    """The eyes of `of`, with which `by` looks since `since`; `is_over` in the request in which the time has run out."""

    by: User
    of: User
    since: datetime
    is_over: bool = False


class MayNot(ValueError):
    """Somebody may not look with those eyes; the message says why."""


def start(request: HttpRequest, of: User) -> None:
    """Look with somebody's eyes from the next request on. Raises `MayNot`."""
    by: User = request.user  # type: ignore[assignment]  # the screens ask for signing in
    if not by.is_administrator or current(request):
        raise MayNot(_("Only administrators see Kariz as another person does."))
    if not may_be_seen_as(of, by):
        raise MayNot(_("Nobody sees Kariz as an administrator, or as somebody who cannot sign in."))
    request.session[KEY] = {"of": of.pk, "since": timezone.now().isoformat()}
    _tell(by, of, is_start=True)


def may_be_seen_as(of: User, by: User) -> bool:
    return of.is_active and of.pk != by.pk and not of.is_administrator


def stop(request: HttpRequest, why: str = "stopped") -> None:
    """Look with one's own eyes again."""
    found = current(request)
    if request.session.pop(KEY, None) and found:
        _tell(found.by, found.of, is_start=False, why=why)


def current(request: HttpRequest) -> Preview | None:
    return getattr(request, "preview", None)


def begin(request: HttpRequest) -> None:
    """Give the request the eyes that the session notes: `user` is who is looked at, `real_user` who looks.

    Rights are asked anew each time: who may look no more, or be looked at no more, ends it, and so does the clock.
    """
    request.real_user = request.user  # type: ignore[attr-defined]
    request.preview = None  # type: ignore[attr-defined]
    if KEY not in request.session:
        return
    found = _noted(request)
    if found is None:
        request.session.pop(KEY, None)
        return
    request.preview = found  # type: ignore[attr-defined]
    if found.is_over:
        stop(request, "over")
    else:
        request.user = found.of


def _noted(request: HttpRequest) -> Preview | None:
    by, noted = request.user, request.session[KEY]
    of = User.objects.filter(pk=noted["of"]).first()
    since = parse_datetime(noted["since"])
    if not by.is_authenticated or of is None or since is None:
        return None
    is_allowed = by.is_administrator and may_be_seen_as(of, by)
    return Preview(by, of, since, not is_allowed or timezone.now() >= since + LASTS)


def _tell(by: User, of: User, *, is_start: bool, why: str = "") -> None:
    previewed.send(User, by=by, of=of, is_start=is_start, why=why, at=timezone.now())
