"""What makes a password good enough, after NIST SP 800-63B: long, not known to guessers, and nothing else."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import company
from kariz.lib.text import fold

ALONE = 12  # characters, where the password is all that is asked for
WITH_FACTOR = 8
LONGEST = 1_000  # far beyond anybody's phrase; keeps forms from being filled with megabytes to hash
OWN_LETTERS = 8  # what must remain beside the names that everybody knows


def least(user: Any) -> int:
    """How many characters the person's password has at least."""
    from kariz.accounts import factors  # the settings name this module before the models are there

    return WITH_FACTOR if user is not None and factors.has_any(user) else ALONE


class LengthValidator:
    def validate(self, password: str, user: Any = None) -> None:
        needed = least(user)
        if len(password) < needed:
            text = ngettext(
                "This password is too short: it needs at least %(count)s character.",
                "This password is too short: it needs at least %(count)s characters.",
                needed,
            )
            raise ValidationError(text % {"count": needed}, code="password_too_short")

    def get_help_text(self) -> str:
        return _("A phrase of several words is easy to keep and hard to guess. Any characters will do.")


class FamiliarNameValidator:
    """Refuses names that everybody knows here with little beside them: the first that somebody tries."""

    def validate(self, password: str, user: Any = None) -> None:
        whole = rest = fold(password)
        for name in sorted(_names(user), key=len, reverse=True):
            rest = rest.replace(name, "")
        if rest != whole and sum(letter.isalpha() for letter in rest) < OWN_LETTERS:
            raise ValidationError(
                _("This password is little more than a name that others know. Choose another."),
                code="password_familiar",
            )

    def get_help_text(self) -> str:
        return ""


def _names(user: Any) -> set[str]:
    """The company's, the program's, and each of the person's."""
    told = [company.current().name, "kariz"]
    if user is not None:
        told += [user.username, user.email.partition("@")[0], *user.name.split()]
    return {folded for folded in map(fold, told) if len(folded) > 2}
