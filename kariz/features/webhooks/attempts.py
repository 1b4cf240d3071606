"""One try to deliver: what came back, when the next one comes, and what follows for the webhook."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from kariz.accounts import company
from kariz.features.webhooks import signing, subscriptions, telling
from kariz.features.webhooks.models import Delivery, Webhook
from kariz.lib import outgoing

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
    return wait * random.uniform(*JITTER)  # noqa: S311 # nosec B311 # no secret


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
