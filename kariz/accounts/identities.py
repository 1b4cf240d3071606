"""Who of us somebody is whom an OpenID provider vouches for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from kariz.accounts import people
from kariz.accounts.credentials import Identity
from kariz.accounts.models import User
from kariz.lib.text import fold, slug


class Stranger(Exception):
    """Nobody of ours; the message says why, to that person."""


@dataclass(frozen=True)
class Rules:
    """Whether unknown people become users, with which role; of which domains their addresses must be (none: of any)."""

    creates: bool
    role: str
    domains: tuple[str, ...] = ()


@transaction.atomic
def person(claims: Mapping[str, Any], rules: Rules) -> User:
    """The user of these claims of an ID token, linked or made at the first time. Raises `Stranger`.

    An address counts only where the provider has verified it: otherwise whoever can write an address into a profile
    there would become its owner here.
    """
    email = str(claims.get("email") or "").strip() if claims.get("email_verified") in (True, "true") else ""
    if rules.domains and email.rpartition("@")[2].lower() not in rules.domains:
        raise Stranger(_("Your e-mail address there is not one of this company, or is not verified."))
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    known = Identity.objects.select_related("user").filter(issuer=issuer, subject=subject).first()
    user = known.user if known else _by_address(email) or _made(claims, email, rules)
    if not user.is_active:
        raise _gone()
    if known is None:
        Identity.objects.create(user=user, issuer=issuer, subject=subject)
    return user


def _by_address(email: str) -> User | None:
    found = people.find(email) if email else None
    return found if found is not None and found.email.lower() == email.lower() else None


def _made(claims: Mapping[str, Any], email: str, rules: Rules) -> User:
    if not rules.creates:
        raise Stranger(_("Nobody here has your e-mail address. Ask your administrator to add or invite you."))
    if not email:
        raise Stranger(_("Your e-mail address there is not verified, and you are not known here yet."))
    if User.objects.filter(
        email_key=fold(email)
    ).exists():  # nobody who was let go comes back as somebody new
        raise _gone()
    wanted = slug(str(claims.get("preferred_username") or email).partition("@")[0])
    username = wanted if people.find(wanted) is None else f"{wanted}_{get_random_string(4, people.LETTERS)}"
    name = str(claims.get("name") or "")[:150]
    user, _password = people.create(username, name=name, email=email, role=rules.role)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return user


def _gone() -> Stranger:
    return Stranger(_("This user can sign in no more. Ask your administrator."))
