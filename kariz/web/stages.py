"""The path of a record as its page shows it: the stages that it passes, and the ways in which it may end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz.accounts import locale
from kariz.core import choices
from kariz.core.models import Change, Choice
from kariz.core.registry import RecordType

ENDINGS = {"won": ("good", "trophy"), "lost": ("bad", "circle-x"), "held": ("", "circle-pause")}


@dataclass(frozen=True)
class Step:
    """`state` is done, current or ahead; `days` are those spent there, `tone` says whether they are too many."""

    key: str
    label: str
    state: str
    outcome: str
    guide: str
    days: str = ""
    tone: str = ""

    @property
    def hint(self) -> str:
        """What is said on hover: the whole name, the days, and what to do here."""
        return " · ".join(part for part in (self.label, self.days, self.guide) if part)


@dataclass(frozen=True)
class Ending:
    """A button that closes the record, or puts it on hold."""

    key: str
    label: str
    css: str
    icon: str


def _stages(record_type: RecordType, record: Any) -> list[Choice]:
    """Those that are not hidden, and the one that the record is in."""
    field = record_type.fields[record_type.path]
    group = getattr(record, field.group) if field.group else None
    found = choices.of(record_type.name, field.name, group, hidden=True)
    return [stage for stage in found if not stage.is_hidden or stage.key == getattr(record, field.name)]


def current(record_type: RecordType, record: Any) -> Choice | None:
    """The stage that the record is in; None for types without a path."""
    if record_type.path not in record_type.fields:
        return None
    key = getattr(record, record_type.path)
    return next((stage for stage in _stages(record_type, record) if stage.key == key), None)


def steps(record_type: RecordType, record: Any) -> list[Step]:
    """The open stages from first to last; at their end the one in which the record has ended."""
    if record_type.path not in record_type.fields:
        return []
    here = current(record_type, record)
    shown = [stage for stage in _stages(record_type, record) if not stage.outcome or stage == here]
    shown.sort(key=lambda stage: bool(stage.outcome))
    at = shown.index(here) if here in shown else -1
    spent = time_in_stages(record_type, record)
    passed = {stage.key for stage in shown[: max(at, 0)]}
    if here is not None and here.outcome in ("lost", "held"):
        passed &= spent.keys()  # it left the path somewhere on the way
    states = {here.key: "current"} if here else {}
    states |= dict.fromkeys(passed, "done")
    return [_step(stage, states.get(stage.key, "ahead"), spent.get(stage.key)) for stage in shown]


def activities(record_type: RecordType, record: Any) -> list[str]:
    """What is to be done in the stage that the record is in, as an administrator has written it, one a line."""
    here = current(record_type, record)
    lines = _(here.guide).splitlines() if here and here.guide else []
    return [line.strip() for line in lines if line.strip()]


def _step(stage: Choice, state: str, spent: timedelta | None) -> Step:
    is_late = (
        state == "current" and spent and stage.expected_days is not None and spent.days > stage.expected_days
    )
    return Step(
        key=stage.key,
        label=_(stage.label),
        state=state,
        outcome=stage.outcome,
        guide=_(stage.guide) if stage.guide else "",
        days=_days(spent) if spent and not stage.outcome else "",
        tone="bad" if is_late else "",
    )


def _days(spent: timedelta) -> str:
    return (
        ngettext("%(n)s day", "%(n)s days", spent.days) % {"n": locale.active().number(spent.days)}
        if spent.days
        else ""
    )


def time_in_stages(record_type: RecordType, record: Any) -> dict[str, timedelta]:
    """How long the record has stood in each stage so far, from the log of its changes. One query."""
    found = Change.objects.filter(
        record_type=record_type.name, record_id=record.pk, values__has_key=record_type.path
    ).order_by("id")
    moves = [(at, values[record_type.path][1]) for at, values in found.values_list("at", "values")]
    spent: dict[str, timedelta] = defaultdict(timedelta)
    for (start, stage), (end, _next) in pairwise([*moves, (timezone.now(), "")]):
        spent[stage] += end - start
    return spent


def endings(record_type: RecordType, record: Any) -> list[Ending]:
    """The buttons beside the title; none on a record that has ended."""
    here = current(record_type, record)
    if here is None or here.outcome in ("won", "lost"):
        return []
    found = [stage for stage in _stages(record_type, record) if stage.outcome and stage != here]
    return [Ending(stage.key, _(stage.label), *ENDINGS[stage.outcome]) for stage in found]
