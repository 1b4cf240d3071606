"""An export as a person reads of it: in the lists of exports, and while it is under way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.core import conditions
from kariz.core.conditions import BadCondition
from kariz.core.registry import RecordType
from kariz.features.export.formats import FORMATS
from kariz.features.export.models import ExportRun
from kariz.features.export.orders import Order
from kariz.jobs.states import State


def subject(run: ExportRun) -> tuple[str, None, str]:
    """What the audit log says that the export is about: records of the type, not one of them."""
    return run.record_type, None, ""


@dataclass(frozen=True)
class Shown:
    run: ExportRun

    @cached_property
    def order(self) -> Order:
        return self.run.asked

    @property
    def type(self) -> RecordType:
        return self.order.type

    @property
    def format(self) -> Any:
        return FORMATS[self.order.format].label

    @property
    def is_under_way(self) -> bool:
        job = self.run.job
        return job is not None and job.state in (State.WAITING, State.RUNNING)

    @property
    def is_done(self) -> bool:
        return self.run.state == ExportRun.State.DONE and not self.is_under_way

    @property
    def has_file(self) -> bool:
        return bool(self.run.file) and self.is_done

    @property
    def state(self) -> str:
        return _("Under way") if self.is_under_way else str(self.run.get_state_display())

    @property
    def is_open(self) -> bool:
        """Whether its page says more than the list."""
        return self.is_under_way or self.is_waiting or self.is_refused

    @property
    def is_waiting(self) -> bool:
        return self.run.state == ExportRun.State.WAITING

    @property
    def is_refused(self) -> bool:
        return self.run.state == ExportRun.State.REFUSED

    @property
    def asked_count(self) -> str:
        return locale.active().number(self.run.total or 0)

    @property
    def done(self) -> int:
        return self.run.job.done_count if self.run.job and self.is_under_way else self.run.count

    @property
    def total(self) -> int:
        return (self.run.job.total_count if self.run.job else None) or 0

    @property
    def count(self) -> str:
        return locale.active().number(self.done)

    @property
    def total_count(self) -> str:
        return locale.active().number(self.total)

    @property
    def at(self) -> str:
        return locale.active().moment(self.run.started_at)

    @property
    def what(self) -> str:
        """Which records."""
        if self.order.scope != "view":
            return {
                "selected": _("selected records"), "page": _("one page"), "all": _("all records"),
            }[self.order.scope]  # fmt: skip
        try:
            where = conditions.sentence(self.type, self.order.where)
        except BadCondition:
            where = _("A condition that cannot be asked any more")
        return f"“{self.order.find}” · {where}" if self.order.find else where
