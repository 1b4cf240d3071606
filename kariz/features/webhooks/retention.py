"""The log of deliveries ends where nobody looks any more."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from kariz import jobs
from kariz.features.webhooks.models import Delivery

KEPT = timedelta(days=30)


@jobs.task("delete_old_deliveries")
def delete_old_deliveries(job: Any) -> int:
    ended = Q(state__in=(Delivery.State.DELIVERED, Delivery.State.DEAD)) | Q(change=None)
    return Delivery.objects.filter(ended, created_at__lt=timezone.now() - KEPT).delete()[0]


jobs.schedule("delete_old_deliveries", every=timedelta(days=1))
