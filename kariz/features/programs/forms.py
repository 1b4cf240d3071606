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
from kariz.api.scopes import ANY, EVERYTHING, Scope
from kariz.core import access, registry
from kariz.web.preferences import dress

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

DAYS = (30, 90, 365)
NEVER = "never"
VERBS = {
    "read": gettext_lazy("Read"),
    "create": gettext_lazy("Create"),
    "edit": gettext_lazy("Edit"),
    "delete": gettext_lazy("Delete"),
    "bulk": gettext_lazy("Change many at once"),
    "convert": gettext_lazy("Convert"),
    "merge": gettext_lazy("Merge"),
    "import": gettext_lazy("Import"),
    "export": gettext_lazy("Export"),
}
REACHES = {
    "everything": gettext_lazy("Everything that its owner may do"),
    "read": gettext_lazy("Read only"),
    "chosen": gettext_lazy("What is ticked below"),
}


class TokenForm(forms.Form):
    """A token for the person himself."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What it is for, such as “Website form”."),
    )
    expires = forms.ChoiceField(label=gettext_lazy("Valid for"))
    reach = forms.ChoiceField(
        label=gettext_lazy("May do"), choices=list(REACHES.items()), initial="everything"
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        expires: Any = self.fields["expires"]
        expires.choices = [
            *((str(days), _("%(n)s days") % {"n": locale.active().number(days)}) for days in DAYS),
            (NEVER, _("Until it is revoked")),
        ]
        expires.initial = "90"
        dress(self)

    @property
    def rows(self) -> Iterator[tuple[RecordType, list[tuple[str, Any, bool]]]]:
        """Each record type with its verbs: the value of the box, its label, whether it is ticked."""
        for one in registry.every():
            if access.may(one, self.user, "read"):
                boxes = ((f"{one.name}.{verb}", label) for verb, label in VERBS.items())
                yield one, [(value, label, value in self._ticked) for value, label in boxes]

    @property
    def _ticked(self) -> set[str]:
        return set(self.data.getlist("scope")) if hasattr(self.data, "getlist") else set()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("reach") == "chosen" and not self._allowed():
            self.add_error("reach", _("Tick at least one box below."))
        return found

    def _allowed(self) -> dict[str, list[str]]:
        known = {one.name for one in registry.every()}
        allowed: dict[str, list[str]] = {}
        for value in sorted(self._ticked):
            name, _dot, verb = value.partition(".")
            if name in known and verb in VERBS:
                allowed.setdefault(name, []).append(verb)
        return allowed

    @property
    def scope(self) -> Scope:
        reach = self.cleaned_data["reach"]
        return {"everything": EVERYTHING, "read": Scope({ANY: ("read",)})}.get(reach) or Scope(
            self._allowed()
        )

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
