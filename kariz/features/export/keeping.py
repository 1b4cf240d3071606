"""Files are kept for a few days; that somebody exported is kept for good."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kariz import jobs
from kariz.features.export.models import ExportRun

KEPT = timedelta(days=3)


@jobs.task("remove_old_exports")
def remove_old_exports(job: Any) -> int:
    old = ExportRun.objects.exclude(file="").filter(started_at__lt=timezone.now() - KEPT)
    for number, run in enumerate(old, 1):
        run.file.delete(save=False)
        run.save(update_fields=["file"])
        job.progress(number)
    return len(old)


jobs.schedule("remove_old_exports", every=timedelta(hours=6))
