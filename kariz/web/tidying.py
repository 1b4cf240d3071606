"""Throws away what the screens need for a while only."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kariz import jobs
from kariz.accounts.credentials import Invitation, Session
from kariz.web import throttle
from kariz.web.models import SignInFailure, Submission, Visit

SUBMISSIONS_FOR = timedelta(days=2)
INVITATIONS_FOR = timedelta(days=30)
VISITS_FOR = timedelta(days=90)


@jobs.task("tidy_screens")
def tidy_screens(job: Any) -> None:
    now = timezone.now()
    SignInFailure.objects.filter(at__lt=now - throttle.KEPT_FOR).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    Invitation.objects.filter(expires_at__lt=now - INVITATIONS_FOR).delete()
    Submission.objects.filter(at__lt=now - SUBMISSIONS_FOR).delete()
    Visit.objects.filter(at__lt=now - VISITS_FOR, is_pinned=False).delete()


jobs.schedule("tidy_screens", every=timedelta(days=1))
