"""Imports that were begun and never run are deleted with their files."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from kariz import jobs
from kariz.features.transfer.models import Import

if TYPE_CHECKING:
    from kariz.jobs.models import Job

KEPT = timedelta(days=7)


@jobs.task("delete_old_drafts")
def delete_old_drafts(job: Job) -> int:
    """Gives how many there were."""
    old = Import.objects.filter(state=Import.State.DRAFT, created_at__lt=timezone.now() - KEPT)
    count = 0
    for run in old:
        for file in run.files.all():
            file.file.delete(save=False)
        run.delete()
        count += 1
    return count


jobs.schedule("delete_old_drafts", every=timedelta(days=1))
