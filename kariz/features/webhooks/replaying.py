"""Sending again what was sent, and sending a test."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kariz.features.webhooks import orders, recording
from kariz.features.webhooks.models import Delivery, Webhook

State = Delivery.State


@transaction.atomic
def test(webhook: Webhook) -> Delivery:
    """A test on its way: one try, which counts for nothing unless it arrives; then the webhook is well again."""
    delivery = recording.test_of(webhook)
    delivery.save()
    orders.have_one_sent(delivery.pk)
    return delivery


def again(delivery: Delivery) -> None:
    """Send it once more with the same id, and as often as a new one where it fails."""
    _again(delivery.webhook, Delivery.objects.filter(pk=delivery.pk))


def failed_since(webhook: Webhook, since: datetime) -> int:
    """Send again all that failed for good since then; how many that are."""
    failed = webhook.deliveries.filter(state=State.DEAD, change__isnull=False, tried_at__gte=since)
    return _again(webhook, failed)


@transaction.atomic
def _again(webhook: Webhook, deliveries: QuerySet[Delivery]) -> int:
    count = deliveries.update(state=State.RETRYING, tries=0, next_at=timezone.now())
    Webhook.objects.filter(pk=webhook.pk).update(resume_at=None)
    orders.have_sent(webhook.pk)
    return count
