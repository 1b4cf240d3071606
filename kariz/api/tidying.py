"""Throws away answers that are kept no longer, and counts of callers that have gone quiet."""

import time
from datetime import timedelta
from typing import Any

from django.utils import timezone

from kariz import jobs
from kariz.api import idempotency, limits
from kariz.api.models import Allowance, KeptAnswer

QUIET = 24 * 60  # windows


@jobs.task("tidy_api")
def tidy_api(job: Any) -> None:
    KeptAnswer.objects.filter(at__lt=timezone.now() - idempotency.KEPT).delete()
    Allowance.objects.filter(window__lt=time.time() // limits.WINDOW - QUIET).delete()


jobs.schedule("tidy_api", every=timedelta(hours=1))
