"""What programs may do, in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.api.scopes import ANY, Scope
from kariz.core import registry

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


def types() -> dict[str, str]:
    """What each record type is called in a scope, and all of them together."""
    return {ANY: _("All record types")} | {one.name: str(one.plural) for one in registry.every()}


def said(scope: Scope) -> str:
    """Such as “Leads: Read, Create”."""
    if scope.is_everything:
        return _("Everything")
    labels = types()
    parts = [
        _("%(type)s: %(verbs)s") % {"type": labels.get(name, name), "verbs": _verbs(verbs)}
        for name, verbs in scope.allowed.items()
    ]
    return " · ".join(parts)


def _verbs(verbs: Sequence[str]) -> str:
    return _(", ").join(_("Everything") if verb == ANY else str(VERBS.get(verb, verb)) for verb in verbs)
