"""All webhooks, one that is made or changed, its secret, and its end."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz.core import registry
from kariz.features.webhooks import subscriptions
from kariz.features.webhooks.forms import WebhookForm
from kariz.features.webhooks.models import Delivery, Webhook
from kariz.web import toasts
from kariz.web.doors import for_administrators, reader

SHOWN_ONCE = "webhook_secret"


@for_administrators
def webhooks(request: HttpRequest) -> HttpResponse:
    labels = {one.name: str(one.plural) for one in registry.every()}
    found = list(Webhook.objects.select_related("owner"))
    failed = Delivery.objects.filter(webhook__in=found, state=Delivery.State.DEAD, change__isnull=False)
    dead = dict(failed.order_by().values_list("webhook").annotate(Count("pk")))
    rows = [
        (one, _(", ").join(labels.get(name, name) for name in one.record_types), dead.get(one.pk, 0))
        for one in found
    ]
    return render(request, "webhooks/webhooks.html", {"rows": rows})


@for_administrators
def add(request: HttpRequest) -> HttpResponse:
    return _form(request, Webhook(owner=reader(request)), is_new=True)


@for_administrators
def change(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(Webhook, pk=pk), is_new=False)


def _form(request: HttpRequest, webhook: Webhook, *, is_new: bool) -> HttpResponse:
    form = WebhookForm(request.POST if request.method == "POST" else None, instance=webhook)
    if request.method == "POST" and form.is_valid():
        return _kept(request, form.save(commit=False), is_new=is_new)
    context: dict[str, Any] = {"form": form, "webhook": webhook}
    return render(request, "webhooks/form.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, webhook: Webhook, *, is_new: bool) -> HttpResponse:
    narrowed = webhook.narrowed.items()
    webhook.narrowed = {name: how for name, how in narrowed if name in webhook.record_types}
    subscriptions.keep(webhook)
    if is_new:
        show_secret(request, webhook)
    return toasts.tell(request, redirect("webhooks:webhook", webhook.pk), _("Saved."))


def show_secret(request: HttpRequest, webhook: Webhook) -> None:
    """On the next page, and never again."""
    request.session[SHOWN_ONCE] = [webhook.pk, webhook.secret]


def secret_to_show(request: HttpRequest, webhook: Webhook) -> str:
    pk, secret = request.session.get(SHOWN_ONCE) or (0, "")
    if pk != webhook.pk:
        return ""
    del request.session[SHOWN_ONCE]
    return str(secret)


@require_POST
@for_administrators
def new_secret(request: HttpRequest, pk: int) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    subscriptions.rotate(webhook)
    show_secret(request, webhook)
    return redirect("webhooks:webhook", pk)


@require_POST
@for_administrators
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    webhook = get_object_or_404(Webhook, pk=pk)
    subscriptions.forget(webhook)
    told = _("“%(name)s” was deleted.") % {"name": webhook.name}
    return toasts.tell(request, redirect("webhooks:webhooks"), told)
