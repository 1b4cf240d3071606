"""What a token is to be: its name, how long it holds, and how far it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.api import scopes
from kariz.api.scopes import ANY, EVERYTHING, Scope
from kariz.core import access, registry
from kariz.features.programs.words import VERBS
from kariz.web.preferences import dress

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

DAYS = (30, 90, 365)
NEVER = "never"
REACHES = {
    "everything": gettext_lazy("Everything that its owner may do"),
    "read": gettext_lazy("Read only"),
    "chosen": gettext_lazy("What is ticked below"),
}
WHOLE = {"everything": EVERYTHING, "read": Scope({ANY: ("read",)})}
"""What the reaches stand for that need no ticks."""


class ReachForm(forms.Form):
    """How far a program reaches, among the record types that `user` sees. The form starts with the scope `was`."""

    reach = forms.ChoiceField(label=gettext_lazy("May do"), choices=list(REACHES.items()))

    def __init__(self, user: User, *args: Any, was: Scope = EVERYTHING, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.was = user, was
        pairs = set(was.pairs)
        whole = (name for name, one in WHOLE.items() if set(one.pairs) == pairs)
        self.fields["reach"].initial = next(whole, "chosen")

    @property
    def rows(self) -> Iterator[tuple[RecordType, list[tuple[str, Any, bool]]]]:
        """Each record type with its verbs: the value of the box, its label, whether it is ticked."""
        ticked = self._ticked
        for one in registry.every():
            if access.may(one, self.user, "read"):
                boxes = ((f"{one.name}.{verb}", label) for verb, label in VERBS.items())
                yield one, [(value, label, value in ticked) for value, label in boxes]

    @property
    def _ticked(self) -> set[str]:
        sent: Any = self.data
        if self.is_bound:
            return set(sent.getlist("scope"))
        return {f"{name}.{verb}" for name, verb in self.was.pairs}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("reach") == "chosen" and not self._chosen.allowed:
            self.add_error("reach", _("Tick at least one box below."))
        return found

    @property
    def _chosen(self) -> Scope:
        known = {one.name for one in registry.every()}
        pairs = (value.partition(".")[::2] for value in sorted(self._ticked))
        return scopes.of((name, verb) for name, verb in pairs if name in known and verb in VERBS)

    @property
    def scope(self) -> Scope:
        return WHOLE.get(self.cleaned_data["reach"]) or self._chosen


class TokenForm(ReachForm):
    """A token for the person himself."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What it is for, such as “Website form”."),
    )
    expires = forms.ChoiceField(label=gettext_lazy("Valid for"))
    field_order: tuple[str, ...] = ("name", "expires", "reach")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        expires: Any = self.fields["expires"]
        expires.choices = [
            *((str(days), _("%(n)s days") % {"n": locale.active().number(days)}) for days in DAYS),
            (NEVER, _("Until it is revoked")),
        ]
        expires.initial = "90"
        dress(self)

    @property
    def expires_at(self) -> datetime | None:
        chosen = self.cleaned_data["expires"]
        return None if chosen == NEVER else timezone.now() + timedelta(days=int(chosen))


class ServiceTokenForm(TokenForm):
    """A token for a program, which an administrator makes: it acts as the chosen user."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("Acts as"),
        queryset=User.objects.filter(is_active=True),
        help_text=gettext_lazy("It sees and does what this user may, and its changes bear this name."),
    )
    field_order = ("name", "owner", "expires", "reach")
