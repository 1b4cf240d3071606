"""Which exports are large: administrators hear of them, and where the company says so they wait for approval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from kariz import audit, notices
from kariz.accounts import locale, people
from kariz.accounts.locale import Locale
from kariz.accounts.models import User
from kariz.core import registry
from kariz.features.export.formats import FORMATS
from kariz.features.export.models import ExportRun, ExportSetting
from kariz.features.export.showing import Shown, subject

audit.group("export", gettext_lazy("Exports"))
audit.kind("export.started", gettext_lazy("Export started"))
audit.kind("export.ended", gettext_lazy("Records exported"))
audit.kind("export.fetched", gettext_lazy("Exported file downloaded"))
audit.kind("export.asked", gettext_lazy("Approval of a large export asked for"))
audit.kind("export.approved", gettext_lazy("Large export approved"))
audit.kind("export.refused", gettext_lazy("Large export refused"))
audit.kind("export.withdrawn", gettext_lazy("Large export withdrawn"))
audit.kind("settings.exports", gettext_lazy("Settings of exports changed"))


def begin(run: ExportRun, *, may_wait: bool) -> ExportRun:
    """Write down a new export, which waits where it has to. In the caller's transaction."""
    setting = ExportSetting.current()
    is_large = setting.is_large(run.total or 0)
    is_waiting = is_large and setting.needs_approval and may_wait
    run.state = ExportRun.State.WAITING if is_waiting else ExportRun.State.RUNNING
    run.save()
    kind = "export.asked" if is_waiting else "export.started"
    audit.note(kind, user=run.user, about=subject(run), **_order(run))
    if is_large:
        _tell_administrators(run, is_waiting=is_waiting)
    return run


def _order(run: ExportRun) -> dict[str, Any]:
    order = run.asked
    return {
        "export": run.pk,
        "rows": run.total,
        "which": Shown(run).what,
        "where": order.where,
        "format": str(FORMATS[order.format].label),
        "fields": list(order.columns),
    }


def _tell_administrators(run: ExportRun, *, is_waiting: bool) -> None:
    others = people.administrators()
    if run.user_id:
        others = others.exclude(pk=run.user_id)
    asks = gettext_noop(
        "%(who)s wants to export %(count)s records of “%(type)s” and waits for your approval."
    )
    tells = gettext_noop("%(who)s exports %(count)s records of “%(type)s”.")
    url = f"/exports/{run.pk}/decide/" if is_waiting else "/settings/exports/"
    tell(others, asks if is_waiting else tells, run, url, who=str(run.user or "Kariz"))


def tell(users: Iterable[User | None], text: str, run: ExportRun, url: str, **words: str) -> None:
    """Each in the own digits and language; the text may name `count` and `type`."""
    for user in users:
        if user is not None:
            with locale.use(Locale.of(user)) as ours:
                plural = str(registry.get(run.record_type).plural)
                params = {"count": ours.number(run.total or 0), "type": plural, **words}
            notices.tell([user], text, params=params, url=url, kind="export")
