"""Tokens: made with a secret that is shown once, found again by its digest, noted when used, revoked."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy

from kariz import audit
from kariz.api.models import Token
from kariz.api.scopes import EVERYTHING, Scope

if TYPE_CHECKING:
    from kariz.accounts.models import User

MARK = "krz_"
"""Every secret begins so: people and scanners of code recognise it."""
LENGTH = 40  # letters and digits: 238 bits, too many to guess, so that a plain digest keeps them
SHOWN = len(MARK) + 6
NOTED_EVERY = timedelta(minutes=1)

audit.group("programs", gettext_lazy("Other programs"))
audit.kind("programs.token_made", gettext_lazy("API token made"))
audit.kind("programs.token_revoked", gettext_lazy("API token revoked"))


@transaction.atomic
def make(
    owner: User,
    name: str,
    *,
    made_by: User | None = None,
    scope: Scope = EVERYTHING,
    expires_at: datetime | None = None,
    is_service: bool = False,
) -> tuple[Token, str]:
    """A new token, and its secret, which nobody can read again."""
    secret = MARK + get_random_string(LENGTH)
    token = Token.objects.create(
        name=name,
        owner=owner,
        made_by=made_by or owner,
        is_service=is_service,
        prefix=secret[:SHOWN],
        digest=digest(secret),
        scope=scope.kept,
        expires_at=expires_at,
    )
    audit.note("programs.token_made", user=token.made_by, about=token, whose=str(owner))
    return token, secret


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find(secret: str) -> Token | None:
    """The token of this secret where it is alive, and so is its owner. Notes that it was used, once a minute."""
    token = Token.objects.select_related("owner").filter(digest=digest(secret)).first()
    if token is None or not token.is_alive or not token.owner.is_active:
        return None
    note_use(token)
    return token


def note_use(used: Any) -> None:
    """Set `last_used_at` of a token, or of what else lets a program in, unless that was done a minute ago."""
    now = timezone.now()
    if used.last_used_at is None or used.last_used_at <= now - NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
        type(used)._default_manager.filter(stale, pk=used.pk).update(last_used_at=now)


@transaction.atomic
def revoke(token: Token) -> None:
    """From now on the token lets nobody in. It stays listed."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.note("programs.token_revoked", about=token, whose=str(token.owner))
