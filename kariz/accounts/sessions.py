"""Sessions that know whose they are: Django's, in one table that people can look through and end.

The session engine of the settings. The table holds hashes of the keys in the cookies: nobody who reads it is signed in
by it. A session ends when nobody has used it for `SESSION_IDLE`, at the latest `SESSION_COOKIE_AGE` after signing in.
"""

from __future__ import annotations

import hashlib
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from kariz.accounts import clients, factors
from kariz.accounts.credentials import Session
from kariz.accounts.models import User

UNSIGNED_FOR = timedelta(hours=1)  # between the steps of signing in
SEEN_EVERY = timedelta(minutes=5)  # a page writes nothing more often
# What the session itself keeps of the signing in.
SINCE, ADDRESS, AGENT, HAS_FACTOR, CONFIRMED_AT = "since", "address", "agent", "has_factor", "confirmed_at"


def hashed(key: str | None) -> str:
    """The key of the row; 40 characters are 160 bits."""
    return hashlib.sha256((key or "").encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """The store of one browser. `row` is its row once it has been read."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        row = Session.objects.filter(
            session_key=hashed(self.session_key), expire_date__gt=timezone.now()
        ).first()
        self.row = row
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(hashed(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        known = self.row if self.row and self.row.signed_in_at else None
        seen_at = known.seen_at if known else timezone.now()
        since = data.get(SINCE)
        signed_in_at = datetime.fromisoformat(since) if since else None
        return Session(
            session_key=hashed(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            user_id=data.get(SESSION_KEY),
            address=known.address if known else data.get(ADDRESS) or None,
            agent=data.get(AGENT, ""),
            signed_in_at=signed_in_at,
            seen_at=seen_at,
            expire_date=end(signed_in_at, seen_at),
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=hashed(key)).delete()

    def touch(self, address: str) -> None:
        """Note that the browser is in use, and from where; seldom enough to cost nothing."""
        now = timezone.now()
        if self.row is None or self.row.signed_in_at is None or now - self.row.seen_at < SEEN_EVERY:
            return
        self.row.seen_at = now
        seen = {"seen_at": now, "expire_date": end(self.row.signed_in_at, now), "address": address or None}
        Session.objects.filter(pk=self.row.pk).update(**seen)


def end(signed_in_at: datetime | None, seen_at: datetime) -> datetime:
    """When a session ends that is not used any more."""
    if signed_in_at is None:
        return seen_at + UNSIGNED_FOR
    latest = signed_in_at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return min(latest, seen_at + settings.SESSION_IDLE)


def of(user: User) -> QuerySet[Session]:
    """The browsers in which somebody is signed in, the last used first."""
    return Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-seen_at")


def end_all(user: User, *, but: Any = None) -> int:
    """Sign somebody out everywhere, except in the session `but`; how many sessions ended."""
    theirs = Session.objects.filter(user=user)
    if but is not None:
        theirs = theirs.exclude(pk=hashed(but.session_key))
    return theirs.delete()[0]


def note_sign_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Keep in the session of whoever has just signed in when, from where, and with what."""
    request.session[SINCE] = timezone.now().isoformat()
    request.session[ADDRESS] = clients.address(request)
    request.session[AGENT] = clients.agent(request)
    request.session[CONFIRMED_AT] = time.time()
    note_factor(request, user)


def note_factor(request: HttpRequest, user: User) -> None:
    """Keep whether the person has a second factor, so that no page has to ask."""
    request.session[HAS_FACTOR] = factors.has_any(user)


def connect() -> None:
    user_logged_in.connect(note_sign_in, dispatch_uid="kariz.sessions")
