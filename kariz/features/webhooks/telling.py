"""What the owner of a webhook is told."""

from django.urls import reverse

from kariz import notices
from kariz.features.webhooks.models import Webhook


def tell(webhook: Webhook, text_template: str, about: str) -> None:
    """Tell the owner once about this. The page leads only administrators on; others could not open it."""
    owner = webhook.owner
    url = reverse("webhooks:webhook", args=[webhook.pk]) if owner.is_administrator else ""
    told, key = {"name": webhook.name}, f"webhook {webhook.pk} {about}"
    notices.tell([owner], text_template, params=told, url=url, kind="webhook", key=key)
