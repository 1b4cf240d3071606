"""The kinds of things that are noted, each with the words in which people read it.

A kind's name is `group.what`, such as `export.ended`: the screens list kinds by their groups.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

kinds: dict[str, Any] = {}
groups: dict[str, Any] = {}


def kind(name: str, label: Any) -> None:
    kinds[name] = label


def group(name: str, label: Any) -> None:
    groups[name] = label


group("sign_in", _("Signing in"))
kind("sign_in.done", _("Signed in"))
kind("sign_in.failed", _("Sign-in failed"))
kind("sign_in.locked", _("Locked out after too many attempts"))
kind("sign_in.ended", _("Signed out"))
kind("sign_in.password", _("Own password changed"))
kind("sign_in.email", _("Own e-mail address changed"))
kind("sign_in.factors", _("Own second factors changed"))

group("rights", _("Users and rights"))
kind("rights.user", _("User changed"))
kind("rights.team", _("Team changed"))
kind("rights.role", _("Role changed"))
kind("rights.profile", _("Profile changed"))
kind("rights.sharing", _("Sharing of records changed"))
kind("rights.preview", _("Kariz seen as another person sees it"))
kind("rights.password", _("Password set by an administrator"))
kind("rights.link", _("Link for a new password made by an administrator"))
kind("rights.factors", _("Second factors reset by an administrator"))
kind("rights.changed", _("Rights changed"))

group("settings", _("Settings"))
kind("settings.changed", _("Settings changed"))

group("audit", _("Audit log"))
kind("audit.adopted", _("Audit log signed with another key"))
kind("audit.cut", _("Old entries cut off the audit log"))
kind("audit.forgotten", _("Person's name replaced in the audit log"))
