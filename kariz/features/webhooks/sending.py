"""Deliveries are sent by jobs, one job at a time for each webhook, and tried again later and later where they fail."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from kariz import jobs
from kariz.accounts import company
from kariz.features.webhooks import orders, signing, subscriptions, telling
from kariz.features.webhooks.models import Delivery, Webhook
from kariz.lib import outgoing

LOOK = timedelta(seconds=5)  # how often what has become due is looked for
STRETCH = 20.0  # seconds that one job sends, so that a slow receiver does not keep a worker from other jobs
LEASE = timedelta(seconds=60)  # longer than a stretch and its last try
AT_ONCE = 50
WAITS = tuple(timedelta(minutes=n) for n in (1, 2, 5, 10, 30, 60, 120, 240, 480, 960, 1440))
"""How long after each failed try the next one comes; after the last there is none."""
MOST_TRIES = len(WAITS) + 1
JITTER = (0.85, 1.15)  # so that what failed together does not come back together
FAILURES_BEFORE_PAUSE = 3
LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
MOST_DETAIL = 500
OUTCOME = (
    "state", "next_at", "tries", "tried_at", "milliseconds", "error", "error_detail", "status", "answer_headers",
    "answer", "is_answer_cut", "earlier",
)  # fmt: skip

SWITCHED_OFF = gettext_noop("The webhook “%(name)s” was switched off: nothing has reached it for three days.")

State = Delivery.State


@jobs.task("send_webhooks")
def look(job: Any) -> None:
    """Have every webhook send that has something due: what was to be tried again, or was left at the end of a job."""
    now = timezone.now()
    pk = OuterRef("pk")
    ready = Webhook.objects.filter(_ready(now)).filter(Exists(_queued(pk)) | Exists(_due_again(pk, now)))
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


def attempt(delivery: Delivery) -> bool:
    """Send it and write down what came back. Whether the webhook may be sent more at once."""
    _remember_last(delivery)
    started = time.monotonic()
    try:
        answer = _posted(delivery)
    except outgoing.Failure as failure:
        delivery.error, delivery.error_detail = failure.code, failure.detail[:MOST_DETAIL]
    else:
        _keep(delivery, answer)
    delivery.milliseconds = round((time.monotonic() - started) * 1000)
    delivery.tries, delivery.tried_at = delivery.tries + 1, timezone.now()
    is_delivered = delivery.status is not None and 200 <= delivery.status < 300
    delivery.state, delivery.next_at = (State.DELIVERED, None) if is_delivered else _next(delivery)
    Delivery.objects.filter(pk=delivery.pk).update(**{name: getattr(delivery, name) for name in OUTCOME})
    return _recovered(delivery.webhook) if is_delivered else _failed(delivery)


def _posted(delivery: Delivery) -> outgoing.Answer:
    body = delivery.body.encode()
    at = int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Kariz-Webhooks/1",
        "Kariz-Event": delivery.event,
        "Kariz-Delivery": str(delivery.key),
        "Kariz-Signature": signing.signature(body, at, subscriptions.valid_secrets(delivery.webhook)),
    }
    allowed = settings.WEBHOOK_ALLOW_PRIVATE
    return outgoing.send("POST", delivery.webhook.url, headers=headers, body=body, allow_private=allowed)


def _remember_last(delivery: Delivery) -> None:
    if delivery.tried_at:
        delivery.earlier.append(
            {
                "at": delivery.tried_at.isoformat(),
                "status": delivery.status,
                "error": delivery.error,
                "milliseconds": delivery.milliseconds,
            }
        )
    delivery.status, delivery.error, delivery.error_detail = None, "", ""
    delivery.answer_headers, delivery.answer, delivery.is_answer_cut = [], "", False


def _keep(delivery: Delivery, answer: outgoing.Answer) -> None:
    delivery.status = answer.status
    delivery.answer_headers = [[_storable(name), _storable(value)] for name, value in answer.headers]
    delivery.answer = _storable(answer.body.decode(errors="replace"))
    delivery.is_answer_cut = answer.is_cut
    delivery.error = "" if 200 <= answer.status < 300 else "status"


def _storable(text: str) -> str:
    """`text` without what PostgreSQL cannot keep."""
    return text.replace("\0", "�").encode(errors="replace").decode()


def _next(delivery: Delivery) -> tuple[str, Any]:
    if delivery.is_test or delivery.tries >= MOST_TRIES:
        return State.DEAD, None
    return State.RETRYING, timezone.now() + _jittered(WAITS[delivery.tries - 1])


def _jittered(wait: timedelta) -> timedelta:
    return wait * random.uniform(*JITTER)  # noqa: S311  no secret


def _recovered(webhook: Webhook) -> bool:
    if webhook.failures or webhook.resume_at:
        webhook.failures, webhook.failing_since, webhook.resume_at = 0, None, None
        _note(webhook)
    return True


def _failed(delivery: Delivery) -> bool:
    """Count it; after several in a row the webhook gets a pause, and after days without one success its end."""
    webhook = delivery.webhook
    if delivery.is_test:
        return False
    now = timezone.now()
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    beyond = webhook.failures - FAILURES_BEFORE_PAUSE
    if beyond >= 0:
        webhook.resume_at = now + min(_jittered(WAITS[min(beyond, len(WAITS) - 1)]), LONGEST_PAUSE)
    _note(webhook)
    if now - webhook.failing_since >= GIVEN_UP_AFTER:
        _switch_off(webhook)
        return False
    return beyond < 0


def _note(webhook: Webhook) -> None:
    """Write how it goes, beside whatever an administrator has decided meanwhile."""
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=webhook.failures, failing_since=webhook.failing_since, resume_at=webhook.resume_at
    )


@transaction.atomic
def _switch_off(webhook: Webhook) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(is_active=False, switched_off_at=timezone.now())
    telling.tell(webhook, SWITCHED_OFF, f"off {webhook.failing_since:%Y%m%d%H%M%S}")
    company.touch()
