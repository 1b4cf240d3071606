"""Throws away what the screens need for a while only."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kariz import jobs
from kariz.web import throttle
from kariz.web.models import SignInFailure, Submission, Visit

SUBMISSIONS_FOR = timedelta(days=2)
VISITS_FOR = timedelta(days=90)


@jobs.task("tidy_screens")
def tidy_screens(job: Any) -> None:
    now = timezone.now()
    SignInFailure.objects.filter(at__lt=now - throttle.WITHIN).delete()
    Submission.objects.filter(at__lt=now - SUBMISSIONS_FOR).delete()
    Visit.objects.filter(at__lt=now - VISITS_FOR, is_pinned=False).delete()


jobs.schedule("tidy_screens", every=timedelta(days=1))
