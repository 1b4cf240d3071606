"""A token, and a connected program, as people read of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.api import scopes
from kariz.api.models import Token
from kariz.api.scopes import Scope
from kariz.features.programs import words

if TYPE_CHECKING:
    from datetime import datetime

    from kariz.accounts.models import User
    from kariz.features.programs.models import Connection, Program


@dataclass(frozen=True)
class Shown:
    token: Token

    @property
    def scope(self) -> str:
        return words.said(Scope(self.token.scope))

    @property
    def used(self) -> str:
        return _ago(self.token.last_used_at)

    @property
    def state(self) -> str:
        token = self.token
        if token.revoked_at:
            return _("revoked on %(day)s") % {"day": _day(token.revoked_at)}
        if token.expires_at is None:
            return _("until it is revoked")
        words = _("until %(day)s") if token.is_alive else _("expired on %(day)s")
        return words % {"day": _day(token.expires_at)}


@dataclass(frozen=True)
class Connected:
    """A program to which a person has given access, once or from several places."""

    program: Program
    user: User
    connections: list[Connection]

    @property
    def scope(self) -> str:
        """All that it may do from any of those places."""
        most = Scope(self.program.scope)
        return words.said(
            scopes.of(pair for one in self.connections for pair in Scope(one.scope).within(most).pairs)
        )

    @property
    def since(self) -> str:
        return _day(min(one.connected_at for one in self.connections if one.connected_at))

    @property
    def used(self) -> str:
        return _ago(max((one.last_used_at for one in self.connections if one.last_used_at), default=None))


def connected(found: Iterable[Connection]) -> list[Connected]:
    """One for each person and program, in the order of the newest connections."""
    held: dict[tuple[int, int], Connected] = {}
    for one in found:
        key = one.program_id, one.user_id
        held.setdefault(key, Connected(one.program, one.user, [])).connections.append(one)
    return list(held.values())


def _ago(at: datetime | None) -> str:
    return locale.active().ago(at) if at else _("never")


def _day(at: datetime) -> str:
    ours = locale.active()
    return ours.day(at.astimezone(ours.tz).date())
