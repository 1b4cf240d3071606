"""Inviting somebody by e-mail, who chooses name and password himself; nobody else ever knows the password."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kariz.accounts import links, people
from kariz.accounts.credentials import Invitation
from kariz.accounts.models import User

OPEN_FOR = timedelta(days=7)


def renew(invitation: Invitation) -> str:
    """The secret of a new link in place of any earlier one, open for a week. Saves."""
    secret, invitation.digest = links.new()
    invitation.sent_at = timezone.now()
    invitation.expires_at = invitation.sent_at + OPEN_FOR
    invitation.save()
    return secret


def find(secret: str) -> Invitation | None:
    """The invitation that a link opens, as long as it is open."""
    return _open().filter(digest=links.digest(secret)).first()


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(expires_at__gt=timezone.now())


@transaction.atomic
def accept(invitation: Invitation, *, username: str, name: str, password: str) -> User:
    """Make the user that the invitation promised. Raises `ValidationError`; of two that accept at once one does."""
    taken = Invitation.objects.select_for_update().filter(pk=invitation.pk, digest=invitation.digest)
    if not taken.exists():
        raise ValidationError(_("This invitation has been used or withdrawn. Ask for another one."))
    user, _password = people.create(
        username,
        password,
        name=name,
        email=invitation.email,
        role=invitation.role_id,
        team=invitation.team,
        language=invitation.language,
    )
    taken.delete()
    return user
