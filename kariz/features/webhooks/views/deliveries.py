"""The page of a webhook with its log, one delivery with what came back, and sending again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import conditions, paging, registry
from kariz.core.conditions import BadCondition
from kariz.core.registry import RecordType
from kariz.features.webhooks import replaying
from kariz.features.webhooks.attempts import MOST_TRIES
from kariz.features.webhooks.models import Delivery, Webhook
from kariz.features.webhooks.views.webhooks import secret_to_show
from kariz.features.webhooks.words import FAILURES
from kariz.web import filters, toasts
from kariz.web.doors import for_administrators, reader
from kariz.web.navigation import is_fragment

State = Delivery.State

ON_A_PAGE = 50
TONES = {State.QUEUED: "info", State.RETRYING: "care", State.DELIVERED: "good", State.DEAD: "bad"}
SINCE = {
    "hour": (timedelta(hours=1), gettext_lazy("in the last hour")),
    "day": (timedelta(days=1), gettext_lazy("in the last 24 hours")),
    "week": (timedelta(days=7), gettext_lazy("in the last 7 days")),
    "month": (timedelta(days=30), gettext_lazy("in the last 30 days")),
}


@dataclass(frozen=True)
class Row:
    """One delivery as the log shows it."""

    delivery: Delivery
    tone: str
    at: str
    tries: str
    took: str
    next_at: str = ""
    why: Any = ""


@dataclass(frozen=True)
class Subscription:
    """What is sent of one record type, in words."""

    record_type: RecordType
    fields: str
    where: str
    url: str


@for_administrators
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Webhook.objects.select_related("owner"), pk=pk)
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    rows, older = _log(found, state, request.GET.get("before", ""))
    dead = found.deliveries.filter(state=State.DEAD, change__isnull=False)
    context = {
        "webhook": found,
        "secret": secret_to_show(request, found),
        "old_secret_until": _until(found.old_secret_until),
        "subscriptions": _subscriptions(found, reader(request)),
        "rows": rows,
        "older": older,
        "state": state,
        "states": State.choices,
        "dead": _counted(dead),
        "waiting": _counted(found.deliveries.filter(state__in=(State.QUEUED, State.RETRYING))),
        "since": [(name, label) for name, (_time, label) in SINCE.items()],
        "failing_since": locale.active().ago(found.failing_since) if found.failing_since else "",
        "switched_off_at": locale.active().moment(found.switched_off_at) if found.switched_off_at else "",
    }
    return render(request, "webhooks/webhook.html", context)


def _log(webhook: Webhook, state: str, before: str) -> tuple[list[Row], str]:
    """A page of the log, newest first, and the query of the one with the older ones."""
    found = webhook.deliveries.defer("body", "answer", "answer_headers", "earlier").order_by("-id")
    found = found.filter(state=state) if state else found
    found = found.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 19 else found
    listed = list(found[: ON_A_PAGE + 1])
    more, listed = len(listed) > ON_A_PAGE, listed[:ON_A_PAGE]
    older = f"?state={state}&before={listed[-1].pk}" if more else ""
    return [_row(one) for one in listed], older


def _row(delivery: Delivery) -> Row:
    ours = locale.active()
    return Row(
        delivery,
        TONES[State(delivery.state)],
        at=ours.moment(delivery.tried_at or delivery.created_at),
        tries=ours.number(delivery.tries),
        took=_("%(n)s ms") % {"n": ours.number(delivery.milliseconds)}
        if delivery.milliseconds is not None
        else "",
        next_at=ours.moment(delivery.next_at) if delivery.next_at else "",
        why=FAILURES.get(delivery.error, ""),
    )


def _counted(found: QuerySet[Delivery]) -> str:
    """How many, in the reader's digits; empty for none."""
    count, is_capped = paging.capped_count(found)
    return locale.active().number(count) + ("+" if is_capped else "") if count else ""


def _until(moment: datetime | None) -> str:
    return locale.active().moment(moment) if moment and moment > timezone.now() else ""


def _subscriptions(webhook: Webhook, user: User) -> list[Subscription]:
    return [
        Subscription(
            one,
            _(", ").join(str(one.fields[name].label) for name in sorted(chosen) if name in one.fields),
            _sentence(one, webhook.where_of(one.name), user),
            reverse("webhooks:narrow", args=[webhook.pk, one.name]),
        )
        for one in registry.every()
        if one.name in webhook.record_types
        for chosen in [webhook.fields_of(one.name)]
    ]


def _sentence(record_type: RecordType, where: Any, user: User) -> str:
    if not where:
        return ""
    try:
        return conditions.sentence(record_type, where, filters.named(record_type, where, user))
    except BadCondition:
        return _("A condition that cannot be asked any more")


@for_administrators
def delivery(request: HttpRequest, pk: int, delivery_pk: int) -> HttpResponse:
    """One delivery; while it is about to be sent, the page looks again by itself."""
    found = get_object_or_404(Delivery.objects.select_related("webhook"), webhook=pk, pk=delivery_pk)
    ours = locale.active()
    context = {
        "row": _row(found),
        "webhook": found.webhook,
        "body": json.dumps(json.loads(found.body), ensure_ascii=False, indent=2),
        "earlier": [
            {
                **one,
                "at": ours.moment(datetime.fromisoformat(one["at"])),
                "why": FAILURES.get(one["error"], ""),
            }
            for one in found.earlier
        ],
        "most_tries": ours.number(1 if found.is_test else MOST_TRIES),
        "is_watched": _is_about_to_go(found),
    }
    template = "webhooks/_delivery.html" if is_fragment(request) else "webhooks/delivery.html"
    return render(request, template, context)


def _is_about_to_go(delivery: Delivery) -> bool:
    now, webhook = timezone.now(), delivery.webhook
    is_due = delivery.is_open and (delivery.next_at is None or delivery.next_at <= now)
    is_paused = not webhook.is_active or (webhook.resume_at is not None and webhook.resume_at > now)
    return is_due and (delivery.is_test or not is_paused)


@require_POST
@for_administrators
def test(request: HttpRequest, pk: int) -> HttpResponse:
    sent = replaying.test(get_object_or_404(Webhook, pk=pk))
    return redirect("webhooks:delivery", pk, sent.pk)


@require_POST
@for_administrators
def again(request: HttpRequest, pk: int, delivery_pk: int) -> HttpResponse:
    found = get_object_or_404(Delivery.objects.select_related("webhook"), webhook=pk, pk=delivery_pk)
    if found.is_test:
        return test(request, pk)
    replaying.again(found)
    return redirect("webhooks:delivery", pk, delivery_pk)


@require_POST
@for_administrators
def failed_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that failed for good since the chosen moment."""
    found = get_object_or_404(Webhook, pk=pk)
    time, _label = SINCE.get(request.POST.get("since", ""), SINCE["day"])
    count = replaying.failed_since(found, timezone.now() - time)
    shown = locale.active().number(count)
    told = ngettext("%(n)s delivery is sent again.", "%(n)s deliveries are sent again.", count) % {"n": shown}
    return toasts.tell(request, redirect("webhooks:webhook", pk), told)
