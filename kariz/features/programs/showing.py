"""A token as people read of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.api.models import Token
from kariz.api.scopes import ANY, Scope
from kariz.core import registry
from kariz.features.programs.forms import VERBS

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Shown:
    token: Token

    @property
    def scope(self) -> str:
        """Such as “Leads: Read, Create”."""
        scope = Scope(self.token.scope)
        if scope.is_everything:
            return _("Everything")
        labels = {one.name: str(one.plural) for one in registry.every()} | {ANY: _("All")}
        parts = [
            _("%(type)s: %(verbs)s")
            % {
                "type": labels.get(name, name),
                "verbs": _(", ").join(str(VERBS.get(verb, verb)) for verb in verbs),
            }
            for name, verbs in scope.allowed.items()
        ]
        return " · ".join(parts)

    @property
    def used(self) -> str:
        at = self.token.last_used_at
        return locale.active().ago(at) if at else _("never")

    @property
    def state(self) -> str:
        token = self.token
        if token.revoked_at:
            return _("revoked on %(day)s") % {"day": _day(token.revoked_at)}
        if token.expires_at is None:
            return _("until it is revoked")
        words = _("until %(day)s") if token.is_alive else _("expired on %(day)s")
        return words % {"day": _day(token.expires_at)}


def _day(at: datetime) -> str:
    ours = locale.active()
    return ours.day(at.astimezone(ours.tz).date())
