"""Throws away what has expired of connected programs: codes that nobody exchanged, tokens, connections."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kariz import jobs
from kariz.features.programs.models import Connection, IssuedToken


@jobs.task("tidy_programs")
def tidy_programs(job: Any) -> None:
    now = timezone.now()
    IssuedToken.objects.filter(expires_at__lte=now).delete()
    Connection.objects.filter(expires_at__lte=now).delete()


jobs.schedule("tidy_programs", every=timedelta(hours=1))
