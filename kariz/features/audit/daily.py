"""What is done with the log in the background: linking, and every day verifying and letting go of what is old."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from kariz import audit, jobs, notices
from kariz.accounts import people
from kariz.audit.sealing import Broken
from kariz.features.audit import checking
from kariz.features.audit.models import AuditSetting

MONTH = timedelta(days=365.25 / 12)

logger = logging.getLogger(__name__)


@jobs.task("seal_audit")
def seal_audit(job: Any) -> None:
    """Link the entries whose process could not."""
    audit.seal()


@jobs.task("verify_audit", retries=0)
def verify_audit(job: Any) -> None:
    """Verify all of it; administrators hear of a log that is not whole. The end goes to the worker's log."""
    report = checking.verify(job.progress)
    logger.info("The audit log has %s entries and ends with %s.", report.count, report.end)
    if not report.is_whole:
        logger.error("The audit log is not what was written: %s", " ".join(report.problems))
        notices.tell(
            people.administrators(),
            gettext_noop("The audit log is not what was written. Settings › Audit log says what is wrong."),
            params={},
            url="/settings/audit/",
            kind="audit",
            key=f"audit {timezone.now():%Y-%m-%d}",
        )


@jobs.task("cut_audit")
def cut_audit(job: Any) -> None:
    """Let go of what is older than the company keeps."""
    months = AuditSetting.current().kept_months
    if months:
        try:
            audit.cut(timezone.now() - months * MONTH)
        except Broken as error:  # which verifying tells of: what is left is evidence
            logger.error("%s", error)  # noqa: TRY400  the trace tells no more


jobs.schedule("seal_audit", every=timedelta(seconds=10))
jobs.schedule("verify_audit", every=timedelta(days=1))
jobs.schedule("cut_audit", every=timedelta(days=1))
