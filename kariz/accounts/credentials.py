"""What people prove with who they are, and the browsers in which they have done so, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kariz.accounts.fields import FoldedField
from kariz.accounts.models import LANGUAGES, Role, Team, User

if TYPE_CHECKING:
    from kariz.accounts.sessions import SessionStore


class Session(AbstractBaseSession):
    """A browser; `user` is whoever has signed in there. The key is a hash of the one that the browser keeps."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(default=timezone.now)

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        from kariz.accounts.sessions import SessionStore

        return SessionStore


class CodeApp(models.Model):
    """An authenticator app. `secret` is sealed; a code of `last_step` or before is not taken again."""

    user = models.OneToOneField(User, models.CASCADE, related_name="code_app")
    secret = models.CharField(max_length=200)
    last_step = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.user_id)


class Passkey(models.Model):
    """A key of a device or a password manager. `credential` is its id and public key, in base 64."""

    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True)
    credential = models.TextField()
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """One of the codes for when the device is lost; only its hash is kept. Used once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="one_recovery_code")]

    def __str__(self) -> str:
        return str(self.pk)


class Identity(models.Model):
    """How an OpenID provider calls a person; unlike an e-mail address it is never given to somebody else."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_identity")]

    def __str__(self) -> str:
        return f"{self.subject} {self.issuer}"


class Invitation(models.Model):
    """Somebody who may become a user by a link, of which only the hash is kept."""

    email = models.EmailField(_("e-mail"))
    email_key = FoldedField(of="email", max_length=300, unique=True)
    role = models.ForeignKey(Role, models.CASCADE, to_field="key", verbose_name=_("role"), related_name="+")
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, verbose_name=_("team"), related_name="+"
    )
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.email
