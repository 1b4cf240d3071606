"""Jobs that ended long ago are deleted."""

from datetime import timedelta

from django.utils import timezone

from kariz.jobs.models import Job
from kariz.jobs.registry import schedule, task
from kariz.jobs.states import State

KEPT = timedelta(days=30)


@task("delete_old_jobs")
def delete_old_jobs(job: Job) -> int:
    ended = Job.objects.filter(state__in=(State.DONE, State.FAILED, State.CANCELLED))
    return ended.filter(finished_at__lt=timezone.now() - KEPT).delete()[0]


schedule("delete_old_jobs", every=timedelta(days=1))
