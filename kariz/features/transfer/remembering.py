"""Files with the same columns are mapped as the last time: by one's own imports, then by anybody's saved plans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kariz.core.access import Forbidden
from kariz.features.transfer import creating
from kariz.features.transfer.models import Import, ImportFile, SavedPlan, fingerprint, own_titles
from kariz.features.transfer.plans import BadPlan, Step
from kariz.features.transfer.targets import target_of
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.accounts.models import User

RECENT = 20


def recall(header: Sequence[str], user: User, kind: str = "") -> tuple[str, dict[str, Any]] | None:
    """The name of the source and its plan, if files with these columns came before and the plan still holds."""
    for name, known in _known(header, user):
        plan = creating.allowed(known, user)
        if (not kind or plan["type"] == kind) and _holds(plan, user):
            return name, plan
    return None


def _known(header: Sequence[str], user: User) -> Iterator[tuple[str, dict[str, Any]]]:
    mine = ImportFile.objects.filter(fingerprint=fingerprint(header), of__user=user)
    for file in mine.exclude(of__state=Import.State.DRAFT).order_by("-pk")[:RECENT]:
        plan = {name: value for name, value in file.plan.items() if name in Step.__dataclass_fields__}
        if plan.get("columns"):
            yield file.name, _spelt(plan, file.header, header)
    for saved in SavedPlan.objects.order_by("-pk"):
        for step in saved.steps:
            if set(own_titles(list(step.get("columns", {})))) == set(own_titles(header)):
                yield saved.name, _spelt(step, list(step["columns"]), header)


def _spelt(plan: dict[str, Any], titles: Sequence[str], header: Sequence[str]) -> dict[str, Any]:
    """The plan with the titles as this file spells them."""
    now = {fold(title): title for title in header}
    columns = {now.get(fold(title), title): plan["columns"].get(title, "") for title in titles}
    return plan | {"columns": columns}


def _holds(plan: dict[str, Any], user: User) -> bool:
    try:
        target_of(Step.of(plan), user)
    except (BadPlan, Forbidden):
        return False
    return True
