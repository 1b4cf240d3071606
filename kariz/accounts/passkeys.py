"""Passkeys: WebAuthn's two ceremonies on Yubico's `fido2`, and the rows that they make and use.

Each ceremony begins with options for the browser and a state for the session, and ends with what the browser answers.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kariz.accounts.credentials import Passkey
from kariz.accounts.models import User

MOST = 20  # of one person

Options = dict[str, Any]
State = dict[str, Any]


class Refused(Exception):
    """The answer does not fit the question, or no passkey that we know."""


@dataclass(frozen=True)
class Site:
    """Where the browser is: `origin` such as `https://crm.example.com:8443`, `host` its name alone."""

    host: str
    origin: str

    def server(self) -> Fido2Server:
        relying_party = PublicKeyCredentialRpEntity(name="Kariz", id=self.host)
        return Fido2Server(relying_party, verify_origin=lambda origin: origin == self.origin)


def begin_adding(site: Site, user: User) -> tuple[Options, State]:
    """Ask for a new key that knows its person and makes sure of him: good for signing in without a password."""
    options, state = site.server().register_begin(
        PublicKeyCredentialUserEntity(id=_handle(user), name=user.username, display_name=str(user)),
        credentials=_data(Passkey.objects.filter(user=user)),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


def add(site: Site, user: User, *, name: str, state: State, answer: Any) -> Passkey:
    """Keep the key that the browser has made. Raises `Refused`."""
    try:
        made = site.server().register_complete(state, answer)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused from error
    data = made.credential_data
    if data is None or Passkey.objects.filter(credential_id=websafe_encode(data.credential_id)).exists():
        raise Refused
    return Passkey.objects.create(
        user=user,
        name=name,
        credential_id=websafe_encode(data.credential_id),
        credential=base64.b64encode(data).decode(),
        sign_count=made.counter,
    )


def begin_using(site: Site, user: User | None = None) -> tuple[Options, State]:
    """Ask for one of the person's keys; where nobody is known yet, for any key of this site."""
    mine = _data(Passkey.objects.filter(user=user)) if user else None
    options, state = site.server().authenticate_begin(
        credentials=mine, user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options), state


def use(site: Site, *, state: State, answer: Any, user: User | None = None) -> Passkey:
    """The key that has answered, noted as used. Raises `Refused`: also for a key of somebody else than `user`."""
    try:
        response = AuthenticationResponse.from_dict(answer)
        found = (
            Passkey.objects.select_related("user")
            .filter(credential_id=websafe_encode(response.raw_id))
            .first()
        )
        if found is None or (user is not None and found.user_id != user.pk):
            raise Refused
        site.server().authenticate_complete(state, _data([found]), response)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused from error
    handle = response.response.user_handle
    if handle is not None and handle != _handle(found.user):
        raise Refused
    _count(found, response.response.authenticator_data.counter)
    return found


def _count(key: Passkey, counter: int) -> None:
    """A counter that does not grow tells of a copied key (WebAuthn, 7.2 step 22); many keys never count."""
    if (counter or key.sign_count) and counter <= key.sign_count:
        raise Refused
    Passkey.objects.filter(pk=key.pk).update(sign_count=counter, used_at=timezone.now())


def _data(keys: Iterable[Passkey]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(base64.b64decode(key.credential)) for key in keys]


def _handle(user: User) -> bytes:
    """How the key calls the person: nothing that tells who it is."""
    return b"kariz-%d" % user.pk
