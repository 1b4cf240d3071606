"""Programs that ask people for access by OAuth 2, who has given it to them, and the secrets that stand for that."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _


def new_client_id() -> str:
    """No secret: it stands in addresses."""
    return get_random_string(24)


class Program(models.Model):
    """One that an administrator has registered. It may ask for `scope` at the most (see `api.scopes.Scope`).

    Browsers are sent back to one of `addresses`, and nowhere else. A program that runs where nobody can look into it is
    confidential: it proves by a secret, of which only the digest is kept, that it is itself.
    """

    name = models.CharField(_("Name"), max_length=100)
    client_id = models.CharField(max_length=40, unique=True, default=new_client_id)
    home_page = models.CharField(_("Home page"), max_length=500, blank=True)
    addresses: models.JSONField[Any, Any] = models.JSONField(_("Redirect addresses"), default=list)
    is_confidential = models.BooleanField(_("Has a secret"), default=False)
    secret_digest = models.CharField(max_length=64, blank=True)
    scope: models.JSONField[Any, Any] = models.JSONField(_("May ask for"), default=dict)
    is_active = models.BooleanField(_("Active"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("Registered by")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("program")

    def __str__(self) -> str:
        return self.name


class Connection(models.Model):
    """That a person lets a program work in her name, as far as `scope`. Whoever ends it deletes it, with its tokens.

    It begins with a code, for which only the program can have tokens that knows what `challenge` was made of; until
    then it is not `connected`. It is over at `expires_at`, unless its tokens are renewed before.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="connections")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    scope: models.JSONField[Any, Any] = models.JSONField(default=dict)
    code_digest = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=1000)
    challenge = models.CharField(max_length=43)
    connected_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-connected_at", "-id"]

    def __str__(self) -> str:
        return f"{self.program_id} {self.user_id}"


class IssuedToken(models.Model):
    """What a program comes in with, or has the next one for. The secret itself is kept nowhere.

    One for renewing that was `used_at` some time stays until it expires: whoever comes with it again has stolen it, or
    has been stolen from.
    """

    class Kind(models.TextChoices):
        ACCESS = "access"
        REFRESH = "refresh"

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="tokens")
    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64, unique=True)
    scope: models.JSONField[Any, Any] = models.JSONField(default=dict)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.connection_id}"
