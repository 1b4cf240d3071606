"""Undoing an import also takes back the users and teams it made, where nothing else depends on them yet."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError

from kariz import audit
from kariz.accounts import company
from kariz.core import changes
from kariz.core.models import ChangeBatch
from kariz.features.transfer.models import MadeUser


@changes.on_undo
def take_back_users(batch: ChangeBatch) -> None:
    """Newest first: users before their teams, teams before those above. Whoever has worked meanwhile stays."""
    for made in MadeUser.objects.filter(of__batch=batch).select_related("user", "team").order_by("-pk"):
        try:
            with transaction.atomic():
                _delete(made)
        except ProtectedError:
            if made.user:
                with audit.changing("rights.user", made.user):
                    made.user.is_active = False
                    made.user.save(update_fields=["is_active"])


def _delete(made: MadeUser) -> None:
    if made.user:
        with audit.changing("rights.user", made.user):
            made.user.delete()
    elif made.team:
        with audit.changing("rights.team", made.team):
            made.team.delete()
    company.touch()
