"""What the doctor looks at: whether the audit log is whole, and whether the database still refuses to change it."""

from __future__ import annotations

from collections.abc import Iterator

from kariz import audit
from kariz.audit import guards
from kariz.core import doctor
from kariz.core.doctor import Finding, Unrepairable


@doctor.look
def audit_log() -> Iterator[Finding]:
    report = audit.verify(progress=lambda done, total: doctor.tell("audit log", done))
    for problem in report.problems:
        yield Finding("audit_log", f"Audit log: {problem}", 1, _keep)


def _keep() -> None:
    raise Unrepairable(
        "What was written is not there any more. Keep this database as evidence; a backup has more."
    )


@doctor.look
def audit_triggers() -> Iterator[Finding]:
    if names := guards.missing():
        message = "The database no longer refuses to change the audit log: triggers are missing."
        yield Finding("audit_triggers", message, len(names), guards.install)
