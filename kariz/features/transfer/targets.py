"""What the rows of a file become: records of a type, or users with their teams."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from kariz.core import seen
from kariz.core.access import Forbidden
from kariz.features.transfer import creating
from kariz.features.transfer.people import UserTarget
from kariz.features.transfer.plans import BadPlan, Step
from kariz.features.transfer.promises import Promises
from kariz.features.transfer.recording import RecordTarget

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.features.transfer.models import Import, ImportFile
    from kariz.features.transfer.outcomes import Row, Tally

__all__ = ["RecordTarget", "Target", "UserTarget", "target_of"]


class Target(Protocol):
    """`labels` are the fields that a column can be mapped to."""

    @property
    def labels(self) -> dict[str, str]: ...

    @property
    def linked(self) -> set[str]:
        """The types whose records the rows name."""

    def write(self, chunk: Sequence[list[str]], run: Import, file: ImportFile) -> list[Row]:
        """Write rows, in the caller's transaction. May give fewer than it was handed: the rest comes again."""

    def link(self, run: Import, file: ImportFile) -> int:
        """Make some of the links that had to wait for the last row, in the caller's transaction; 0 when none is left.

        For a target of its own, which has looked nothing up while rows were still missing.
        """

    @property
    def made(self) -> dict[str, list[Any]]:
        """The linked records that were made on the way, as `Tally.made`; of a dry run when `missing` has been asked."""

    def missing(self) -> Iterable[tuple[str, int]]:
        """Of a dry run: what `link` would find wrong, and in which row."""

    def names(self, cells: list[str]) -> Iterable[tuple[str, str]]:
        """(target, name) of what a row would bring, for links of later rows."""

    def forget(self) -> None:
        """Read again what a transaction that was rolled back has made."""

    def describe(self, rows: Sequence[Row], first: int, tally: Tally) -> None:
        """Put some of the rows into the tally as samples."""


def target_of(
    step: Step, user: User | None, header: Sequence[str] = (), promises: Promises | None = None
) -> Target:
    """Raises `BadPlan` for an unknown type or field, `Forbidden` where the user may not create such records.

    With `promises` it is a dry run: names that the import itself would bring are as good as those that are there.
    """
    target: Target
    if step.exact and user is not None and not user.is_administrator:
        raise Forbidden(_("Only administrators import records exactly as they were exported."))
    if step.type == "user":
        target = UserTarget(step, user, header)
    else:
        try:
            target = RecordTarget(seen.get(step.type, user), step, user, header, promises)
        except KeyError:
            raise BadPlan(_("There is no record type “%(name)s”.") % {"name": step.type}) from None
    _check(target, step, user)
    return target


def _check(target: Target, step: Step, user: User | None) -> None:
    """Raises `BadPlan` where the step names what is not there, or is to bring what cannot be made."""
    for name in [*step.columns.values(), *step.values, *step.defaults, *step.asked, *step.create]:
        if name and name not in target.labels:
            raise BadPlan(_("“%(type)s” has no field “%(name)s”.") % {"type": step.type, "name": name})
    if isinstance(target, RecordTarget):
        for field in map(target.record_type.all_fields.__getitem__, step.create):
            if why := creating.obstacle(field, user):
                raise BadPlan(why)
