"""Which changes any webhook wants: asked for every change that is made, so it is a look into what is kept."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from kariz.accounts import company
from kariz.accounts.revision import by_revision
from kariz.core.models import Change
from kariz.features.webhooks import signing
from kariz.features.webhooks.models import Webhook

DECIDED = ("name", "url", "owner", "record_types", "kinds", "narrowed", "is_active")
GOING = (
    "failures",
    "failing_since",
    "resume_at",
    "switched_off_at",
)  # but the lease, which is the sending job's


@by_revision
def _wanted() -> dict[tuple[str, str], list[frozenset[str]]]:
    """(record type, kind) → for each webhook the fields one of which must change; none stands for any."""
    found: dict[tuple[str, str], list[frozenset[str]]] = defaultdict(list)
    for webhook in Webhook.objects.filter(is_active=True):
        for record_type in webhook.record_types:
            for kind in webhook.kinds:
                fields = webhook.fields_of(record_type) if kind == Change.Kind.UPDATED else frozenset()
                found[record_type, kind].append(fields)
    return dict(found)


def wants(record_type: str, kind: str, values: dict[str, list[Any]]) -> bool:
    wanted = _wanted()
    if not wanted:
        return False
    return any(not fields or not fields.isdisjoint(values) for fields in wanted.get((record_type, kind), ()))


@transaction.atomic
def keep(webhook: Webhook) -> None:
    """Save what an administrator decided; effective with the next change. Whoever switches on starts anew."""
    if webhook.is_active:
        webhook.failures, webhook.failing_since = 0, None
        webhook.resume_at = webhook.switched_off_at = None
    webhook.save(update_fields=[*DECIDED, *GOING] if webhook.pk else None)
    company.touch()


@transaction.atomic
def forget(webhook: Webhook) -> None:
    """Delete it with its log."""
    webhook.delete()
    company.touch()


def rotate(webhook: Webhook) -> str:
    """A new secret; the one before stays valid for a day, so that the receiver can change over in peace."""
    now = timezone.now()
    webhook.old_secret, webhook.old_secret_until = webhook.secret, now + signing.OVERLAP
    webhook.secret = signing.new_secret()
    webhook.save(update_fields=["secret", "old_secret", "old_secret_until"])
    return webhook.secret


def valid_secrets(webhook: Webhook) -> list[str]:
    is_changing = webhook.old_secret_until is not None and webhook.old_secret_until > timezone.now()
    return [webhook.secret, webhook.old_secret] if is_changing else [webhook.secret]
