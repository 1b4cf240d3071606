"""Changes become deliveries: one for each webhook and change, however often the change is heard of."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from kariz.accounts import locale
from kariz.core import feed, records, registry
from kariz.core.conditions import BadCondition
from kariz.core.events import consumer
from kariz.core.models import Change
from kariz.features.webhooks import orders, subscriptions, telling
from kariz.features.webhooks.models import Delivery, Webhook

UNASKABLE = gettext_noop(
    "The webhook “%(name)s” sends nothing: its condition cannot be asked any more. Ask an administrator to mend it."
)
TEST = "test"

logger = logging.getLogger(__name__)


@consumer("webhooks", wants=subscriptions.wants)
def record(changes: Sequence[Change]) -> None:
    """Write down what is to be sent. Sending is done by jobs of their own."""
    active = Webhook.objects.filter(is_active=True, owner__is_active=True).select_related("owner")
    for webhook in active:
        wanted = [one for one in changes if webhook.wants(one.record_type, one.kind, one.values)]
        if wanted:
            _record(webhook, wanted)


@transaction.atomic
def _record(webhook: Webhook, wanted: Sequence[Change]) -> None:
    told = _fulfilling(webhook, feed.told(wanted, webhook.owner))
    if not told:
        return
    Delivery.objects.bulk_create((_delivery(webhook, change) for change in told), ignore_conflicts=True)
    orders.have_sent(webhook.pk)


def _fulfilling(webhook: Webhook, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes of records that fulfil the condition as they are now; a deleted record cannot be asked any more."""
    asked: dict[str, set[int]] = defaultdict(set)
    for change in told:
        if webhook.where_of(change["type"]) and change["kind"] != Change.Kind.DELETED:
            asked[change["type"]].add(change["record"])
    passed = {name: _matching(webhook, name, ids) for name, ids in asked.items()}
    return [
        change
        for change in told
        if change["record"] not in asked[change["type"]] or change["record"] in passed[change["type"]]
    ]


def _matching(webhook: Webhook, record_type: str, ids: set[int]) -> set[int]:
    owner = webhook.owner
    try:
        with locale.use(locale.Locale.of(owner)):
            found = records.visible(
                registry.get(record_type), owner, where=webhook.where_of(record_type)
            ).order_by()
            return set(found.filter(pk__in=ids).values_list("pk", flat=True))
    except BadCondition:
        logger.warning("The condition of webhook %s cannot be asked of %s.", webhook.pk, record_type)
        telling.tell(webhook, UNASKABLE, f"unaskable {record_type}")
        return set()


def _delivery(webhook: Webhook, change: dict[str, Any]) -> Delivery:
    key = uuid4()
    event = f"{change['type']}.{change['kind']}"
    return Delivery(
        webhook=webhook, change=change["id"], key=key, event=event, body=_body(webhook, key, event, change)
    )


def test_of(webhook: Webhook) -> Delivery:
    """A message that tells of nothing, to see whether it arrives."""
    key = uuid4()
    return Delivery(webhook=webhook, key=key, event=TEST, body=_body(webhook, key, TEST, None))


def _body(webhook: Webhook, key: UUID, event: str, change: dict[str, Any] | None) -> str:
    told = {
        "delivery": str(key),
        "event": event,
        "created_at": timezone.now().isoformat(),
        "webhook": {"id": webhook.pk, "name": webhook.name},
        "change": change,
    }
    return json.dumps(told, ensure_ascii=False)
