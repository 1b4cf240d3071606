"""From a person's yes to tokens: a code that serves once, access for an hour, renewed by tokens that each serve once.

Who comes with a used code or token has it from where it should not be: everything that was given ends at once. All that
concerns one connection happens one after another, by a lock on its row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidScopeError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext_noop

from kariz import audit, notices
from kariz.api.authentication import Caller
from kariz.api.scopes import Scope
from kariz.api.tokens import LENGTH, digest, note_use
from kariz.features.programs.models import Connection, IssuedToken, Program
from kariz.features.programs.oauth import reaching
from kariz.features.programs.oauth.asking import Asked

if TYPE_CHECKING:
    from kariz.accounts.models import User

Kind = IssuedToken.Kind
MARKS = {Kind.ACCESS: "kro_", Kind.REFRESH: "krf_"}
CODE_FOR = timedelta(seconds=60)
ACCESS_FOR = timedelta(hours=1)
REFRESH_FOR = timedelta(days=60)
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
SHUT_OUT = gettext_noop(
    "%(program)s is no longer connected: a secret of it was used twice, as by a thief. Connect it anew if you need it."
)


@dataclass(frozen=True)
class Given:
    access: str
    refresh: str
    scope: Scope


@transaction.atomic
def begin(asked: Asked, user: User, scope: Scope) -> str:
    """Note the person's yes; gives the code that the browser takes to the program."""
    code = get_random_string(LENGTH)
    Connection.objects.create(
        program=asked.program,
        user=user,
        scope=scope.kept,
        code_digest=digest(code),
        address=asked.address,
        challenge=asked.challenge,
        expires_at=timezone.now() + CODE_FOR,
    )
    audit.note("programs.connected", user=user, about=asked.program, scope=reaching.spelt(scope))
    return code


def exchange(program: Program, code: str, *, address: str, verifier: str) -> Given:
    """The first tokens, for the code. Raises `InvalidGrantError`."""
    with transaction.atomic():
        found = _held(Q(program=program, code_digest=digest(code)))
        if found is not None and found.connected_at is not None:
            _shut_out(found)
        elif found is not None and _is_right(found, address, verifier):
            found.connected_at = timezone.now()
            return _given(found, _reach(found))
    raise InvalidGrantError("The code is unknown, used or expired, or was asked for in another way.")


def _is_right(connection: Connection, address: str, verifier: str) -> bool:
    return (
        connection.expires_at > timezone.now()
        and connection.user.is_active
        and connection.address == address
        and VERIFIER.fullmatch(verifier) is not None
        and constant_time_compare(create_s256_code_challenge(verifier), connection.challenge)
    )


def renew(program: Program, secret: str, wanted: Scope | None = None) -> Given:
    """The next tokens, for the last one that renews. Raises an `OAuth2Error`.

    `wanted` narrows the access. Programs go on asking for what they asked for at first; they get what was given of it.
    """
    with transaction.atomic():
        found, token = _held_by(program, secret)
        if found is not None and token is not None and token.kind == Kind.REFRESH:
            if token.used_at is not None:
                _shut_out(found)
            elif token.expires_at > timezone.now() and found.user.is_active:
                scope = _reach(found) if wanted is None else wanted.within(_reach(found))
                if wanted is not None and not scope.allowed:
                    raise InvalidScopeError("Nothing of this scope was given.")
                token.used_at = timezone.now()
                token.save(update_fields=["used_at"])
                return _given(found, scope)
    raise InvalidGrantError("The refresh token is unknown, used or expired, or the access has ended.")


def _held_by(program: Program, secret: str) -> tuple[Connection | None, IssuedToken | None]:
    """The connection of a token, and the token as it is now that nobody else can use it."""
    found = _held(Q(program=program, tokens__digest=digest(secret)))
    return found, found.tokens.filter(digest=digest(secret)).first() if found else None


def _held(which: Q) -> Connection | None:
    """The connection, until the end of the transaction nobody else's."""
    found = Connection.objects.select_for_update(of=("self",)).select_related("program", "user")
    return found.filter(which).first()


def _reach(connection: Connection) -> Scope:
    """What the person has allowed, as far as the program may ask for it today."""
    return Scope(connection.scope).within(Scope(connection.program.scope))


def _given(connection: Connection, scope: Scope) -> Given:
    now = timezone.now()
    connection.expires_at = now + REFRESH_FOR
    connection.save(update_fields=["connected_at", "expires_at"])
    access = _issued(connection, Kind.ACCESS, scope, now + ACCESS_FOR)
    refresh = _issued(connection, Kind.REFRESH, scope, connection.expires_at)
    return Given(access, refresh, scope)


def _issued(connection: Connection, kind: Kind, scope: Scope, expires_at: datetime) -> str:
    secret = MARKS[kind] + get_random_string(LENGTH)
    connection.tokens.create(kind=kind, digest=digest(secret), scope=scope.kept, expires_at=expires_at)
    return secret


def _shut_out(connection: Connection) -> None:
    program, user = connection.program, connection.user
    connection.delete()
    audit.note("programs.shut_out", about=program, whose=str(user))
    notices.tell([user], SHUT_OUT, params={"program": program.name}, url=reverse("programs:tokens"))


def find(secret: str) -> Caller | None:
    """Who comes with this access token, where person and program are still let in. Notes the use, once a minute."""
    token = (
        IssuedToken.objects.select_related("connection__program", "connection__user")
        .filter(kind=Kind.ACCESS, digest=digest(secret), expires_at__gt=timezone.now())
        .first()
    )
    if token is None:
        return None
    connection = token.connection
    if not (connection.user.is_active and connection.program.is_active):
        return None
    note_use(connection)
    scope = Scope(token.scope).within(Scope(connection.program.scope))
    return Caller(connection.user, scope, f"connection {connection.pk}")


def is_living(before: str = "") -> Q:
    """Made, and not over; for connections that are reached by the path `before`."""
    return Q(**{f"{before}connected_at__isnull": False, f"{before}expires_at__gt": timezone.now()})


def living() -> QuerySet[Connection]:
    """The newest first."""
    return Connection.objects.filter(is_living()).select_related("program", "user")


@transaction.atomic
def end(program: Program, user: User | None = None) -> None:
    """Take the access back that a person has given to the program, or that anybody has."""
    theirs = Connection.objects.filter(program=program, **({"user": user} if user else {}))
    held = [one.pk for one in theirs.select_for_update()]
    Connection.objects.filter(pk__in=held).delete()
    if held and user is not None:
        audit.note("programs.disconnected", about=program, whose=str(user))


@transaction.atomic
def revoke(program: Program, secret: str) -> None:
    """What a program does with a token of its own that it needs no more; one that renews ends the whole access."""
    found, token = _held_by(program, secret)
    if found is None or token is None:
        return
    if token.kind == Kind.ACCESS:
        token.delete()
        return
    found.delete()
    audit.note("programs.disconnected", about=program, whose=str(found.user))
