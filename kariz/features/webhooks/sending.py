"""Deliveries are sent by jobs: one job at a time for each webhook, in the order of the changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from kariz import jobs
from kariz.features.webhooks import orders
from kariz.features.webhooks.attempts import attempt
from kariz.features.webhooks.models import Delivery, Webhook

LOOK = timedelta(seconds=5)  # how often what has become due is looked for
STRETCH = 20.0  # seconds that one job sends, so that a slow receiver does not keep a worker from other jobs
LEASE = timedelta(seconds=60)  # longer than a stretch and its last try
AT_ONCE = 50

State = Delivery.State


@jobs.task("send_webhooks")
def look(job: Any) -> None:
    """Have every webhook send that has something due: what was to be tried again, or was left at the end of a job."""
    now = timezone.now()
    has_due = Exists(_queued(OuterRef("pk"))) | Exists(_due_again(OuterRef("pk"), now))
    ready = Webhook.objects.filter(_ready(now)).filter(has_due)
    for pk in ready.values_list("pk", flat=True):
        orders.have_sent(pk)


jobs.schedule("send_webhooks", every=LOOK)


def _ready(now: Any) -> Q:
    return (
        Q(is_active=True, owner__is_active=True)
        & (Q(resume_at=None) | Q(resume_at__lte=now))
        & (Q(leased_until=None) | Q(leased_until__lt=now))
    )


def _queued(webhook: Any) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook=webhook, state=State.QUEUED, change__isnull=False).order_by("id")


def _due_again(webhook: Any, now: Any) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook=webhook, state=State.RETRYING, next_at__lte=now).order_by(
        "next_at"
    )


@jobs.task(orders.SEND)
def send(job: Any, webhook: int) -> None:
    """Send what is due, for a while. The lease keeps other jobs from sending the same beside this one."""
    now = timezone.now()
    if not Webhook.objects.filter(_ready(now), pk=webhook).update(leased_until=now + LEASE):
        return
    try:
        end = time.monotonic() + STRETCH
        for delivery in _in_order(webhook):
            if not attempt(delivery) or time.monotonic() > end:
                break
    finally:
        Webhook.objects.filter(pk=webhook).update(leased_until=None)


def _in_order(pk: int) -> Iterator[Delivery]:
    """First tries in the order of the changes, then what is to be tried again; each time as the webhook is by then."""
    active = Webhook.objects.filter(pk=pk, is_active=True, owner__is_active=True).select_related("owner")
    while webhook := active.first():
        found = list(_queued(pk)[:AT_ONCE]) or list(_due_again(pk, timezone.now())[:AT_ONCE])
        for delivery in found:
            delivery.webhook = webhook
            yield delivery
        if not found:
            return


@jobs.task(orders.SEND_ONE, retries=0)
def send_one(job: Any, delivery: int) -> None:
    """A test, at once and once, whether or not the webhook is active."""
    if found := Delivery.objects.filter(pk=delivery).select_related("webhook").first():
        attempt(found)
