"""Following the chain from the screens and every day; what it came to is an entry itself."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kariz import audit
from kariz.audit.models import Chain, Entry
from kariz.audit.verifying import Progress, Report

DIRECTLY = 20_000  # entries; nobody waits on the page for more
TOLD = 20  # problems

audit.kind("audit.verified", _("Audit log verified"))
audit.kind("audit.exported", _("Audit log exported"))
audit.kind("settings.audit", _("Settings of the audit log changed"))


def is_long() -> bool:
    chain = Chain.objects.filter(pk=1).first()
    return chain is not None and chain.number - chain.cut_number > DIRECTLY


def verify(progress: Progress = lambda done, total: None) -> Report:
    """Verify the log, and note what that came to."""
    report = audit.verify(progress=progress)
    with transaction.atomic():
        audit.note(
            "audit.verified",
            entries=report.count,
            end=report.end,
            is_whole=report.is_whole,
            problems=report.problems[:TOLD],
            problem_count=report.problem_count,
        )
    return report


def last() -> Entry | None:
    """What the last verification came to."""
    return Entry.objects.filter(kind="audit.verified").order_by("-at", "-id").first()
