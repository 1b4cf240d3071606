"""The second factors of a person: authenticator app, passkeys, recovery codes; and what the roles demand."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from kariz.accounts import sealing
from kariz.accounts.credentials import CodeApp, Passkey, RecoveryCode
from kariz.accounts.models import User
from kariz.lib import otp, text

RECOVERY_CODES = 10
# 16 of these are 79 bits: no need to hash them slowly. Without those that are taken for one another when read out.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Factors:
    """What somebody has set up. `codes_left` are recovery codes that have not been used."""

    code_app: CodeApp | None
    passkeys: list[Passkey]
    codes_left: int

    def __bool__(self) -> bool:
        return bool(self.code_app or self.passkeys)


def of(user: User) -> Factors:
    return Factors(
        CodeApp.objects.filter(user=user).first(),
        list(Passkey.objects.filter(user=user)),
        RecoveryCode.objects.filter(user=user, used_at=None).count(),
    )


def has_any(user: User) -> bool:
    """Whether a second step follows the password."""
    if user.pk is None:
        return False
    return CodeApp.objects.filter(user=user).exists() or Passkey.objects.filter(user=user).exists()


def add_app(user: User, secret: str, typed: str) -> bool:
    """Keep the authenticator app whose code was typed. False where the code is not the app's."""
    step = otp.matching_step(secret, text.digits(typed), now=timezone.now().timestamp())
    if step is None:
        return False
    values = {
        "secret": sealing.seal(secret),
        "last_step": step,
        "created_at": timezone.now(),
        "used_at": None,
    }
    CodeApp.objects.update_or_create(user=user, defaults=values)
    return True


def accept(user: User, typed: str) -> str:
    """The kind of the code, `app` or `recovery`, which from now on is used; empty where it is neither."""
    if accept_app_code(user, text.digits(typed)):
        return "app"
    return "recovery" if _accept_recovery_code(user, typed) else ""


def accept_app_code(user: User, code: str) -> bool:
    app = CodeApp.objects.filter(user=user).first()
    if app is None or len(code) != otp.DIGITS:
        return False
    try:
        secret = sealing.unseal(app.secret)
    except sealing.Unreadable:
        return False
    now = timezone.now()
    step = otp.matching_step(secret, code, now=now.timestamp(), after=app.last_step)
    if step is None:
        return False
    # Of two that bring the same code at once, one gets in.
    earlier = CodeApp.objects.filter(pk=app.pk, last_step__lt=step)
    return earlier.update(last_step=step, used_at=now) == 1


def _accept_recovery_code(user: User, typed: str) -> bool:
    unused = RecoveryCode.objects.filter(user=user, digest=_digest(typed), used_at=None)
    return unused.update(used_at=timezone.now()) == 1


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Ten codes to be shown this once, in place of all earlier ones."""
    codes = ["".join(secrets.choice(LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, digest=_digest(code)) for code in codes])
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in codes]


def _digest(code: str) -> str:
    """Of a code however it was typed."""
    return hashlib.sha256(
        "".join(letter for letter in text.fold(code) if letter.isalnum()).encode()
    ).hexdigest()


def drop_app(user: User) -> None:
    """The app, and what only stood in for it."""
    CodeApp.objects.filter(user=user).delete()
    _drop_needless_codes(user)


def drop_passkey(user: User, pk: int) -> str:
    """The name of the passkey that was; empty where there was none."""
    found = Passkey.objects.filter(user=user, pk=pk).first()
    if found is None:
        return ""
    found.delete()
    _drop_needless_codes(user)
    return found.name


def reset(user: User) -> None:
    """Take all factors from somebody who has lost them: the password alone opens from now on."""
    for model in (CodeApp, Passkey, RecoveryCode):
        model.objects.filter(user=user).delete()


def _drop_needless_codes(user: User) -> None:
    """Recovery codes stand in for something; alone they would be a second, weaker password."""
    if not has_any(user):
        RecoveryCode.objects.filter(user=user).delete()
