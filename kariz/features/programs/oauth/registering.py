"""Programs as administrators register, change and remove them, and what is noted of that."""

from __future__ import annotations

from django.db import transaction
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext_lazy

from kariz import audit
from kariz.api.tokens import LENGTH, digest
from kariz.features.programs.models import Program
from kariz.features.programs.oauth import connections

MARK = "krs_"

audit.kind("programs.changed", gettext_lazy("Registered program changed"))
audit.kind("programs.secret", gettext_lazy("New secret for a program"))
audit.kind("programs.connected", gettext_lazy("Program connected"))
audit.kind("programs.disconnected", gettext_lazy("Program disconnected"))
audit.kind("programs.shut_out", gettext_lazy("Program shut out: a secret was used twice"))


def keep(program: Program) -> str:
    """Save what an administrator decided, at once; gives the secret of a new program that has one."""
    is_new = program.pk is None
    with audit.changing("programs.changed", program):
        program.save()
    return renew_secret(program) if is_new and program.is_confidential else ""


@transaction.atomic
def renew_secret(program: Program) -> str:
    """A new secret, which nobody can read again; the one before serves no more."""
    secret = MARK + get_random_string(LENGTH)
    program.secret_digest = digest(secret)
    program.save(update_fields=["secret_digest"])
    audit.note("programs.secret", about=program)
    return secret


def is_secret(program: Program, secret: str) -> bool:
    return constant_time_compare(program.secret_digest, digest(secret))


def forget(program: Program) -> None:
    """Delete it, with all access that people have given to it."""
    with audit.changing("programs.changed", program):
        connections.end(program)
        program.delete()
