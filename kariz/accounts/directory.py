"""Signs in people whose passwords an LDAP directory keeps; imported only where one is set up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django_auth_ldap.backend import LDAPBackend

from kariz.accounts import company, people
from kariz.accounts.models import User


class DirectoryBackend(LDAPBackend):  # type: ignore[misc]  # the library has no types
    """Those who are known here by their username are those who sign in; new ones get the role of the settings."""

    def get_or_build_user(self, username: str, ldap_user: Any) -> tuple[User, bool]:
        known = people.find(username)
        if known is not None:
            return known, False
        user = User(username=username.lower(), role_id=settings.LDAP_ROLE)
        user.set_unusable_password()
        company.touch()
        return user, True
