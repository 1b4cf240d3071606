"""The backup that is made every day, and the one that somebody has asked for on the screen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from kariz import jobs, notices
from kariz.accounts import people
from kariz.accounts.locale import Locale
from kariz.features.backups import making
from kariz.features.backups.making import TASK
from kariz.features.backups.models import BackupSetting

DAILY = "-daily"


@jobs.task(TASK, retries=0)
def back_up(job: Any, *, is_daily: bool = False) -> dict[str, Any]:
    """Make and verify a backup; administrators hear of one that fails."""
    path = making.folder() / making.new_name(DAILY if is_daily else "")
    try:
        made = making.make(path, user=job.user, progress=job.progress)
    except Exception:
        _tell(job)
        raise
    if is_daily:
        thin_out()
    return vars(made) | {"path": made.path.name}


def _tell(job: Any) -> None:
    notices.tell(
        people.administrators(),
        gettext_noop("A backup has failed. Settings › Backups says why."),
        params={},
        url="/settings/backups/",
        kind="backup",
        key=f"backup {job.pk}",
    )


@jobs.task("back_up_daily")
def back_up_daily(job: Any) -> None:
    """Ask for the backup of the day when its hour has come."""
    setting = BackupSetting.current()
    now = timezone.now().astimezone(Locale.of(None).tz)
    if setting.is_daily and now.hour >= setting.hour and setting.last_day != now.date():
        jobs.enqueue(TASK, unique_key=TASK, is_daily=True)
        BackupSetting.objects.filter(pk=setting.pk).update(last_day=now.date())


def thin_out() -> None:
    """Keep the newest daily backups, as many as the administrator wants; those made by hand stay."""
    found = sorted(making.folder().glob(f"kariz-*{DAILY}.zip"), key=_made_at, reverse=True)
    for path in found[BackupSetting.current().kept :]:
        path.unlink(missing_ok=True)


def _made_at(path: Path) -> str:
    return path.name


jobs.schedule("back_up_daily", every=timedelta(minutes=15))
