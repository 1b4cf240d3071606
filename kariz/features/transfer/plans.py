"""A plan says how files become records: in the wizard step by step, on the command line from a TOML file.

[[step]]
file = "accounts.csv"
type = "organization"            # a record type, or "user"
[step.columns]                   # column of the file → field
account = "name"
[step.values.industry]           # text in the file → text that the field knows; "" leaves it empty
technolgy = "technology"
[step.defaults]                  # field → value where the file has none
[step.asked]                     # field → value where the entered stage asks for it and the file has none
create = ["industry", "parent"]  # fields whose unknown values become new choices, or new records of that name
match = ["email", "name+company"] # a row is a record that is there where one of these keys agrees, the first one first
on_match = "update"              # then: create (a new one all the same), update, merge-empty or skip
exact = true                     # an export of Kariz, as it was: empty is empty, and what Kariz keeps itself is taken
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

CREATE, UPDATE, MERGE_EMPTY, SKIP = "create", "update", "merge-empty", "skip"
ON_MATCH = (CREATE, UPDATE, MERGE_EMPTY, SKIP)


class BadPlan(ValueError):
    """The plan names something that is not there; the message says where."""


@dataclass(frozen=True)
class Step:
    type: str
    file: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    create: list[str] = field(default_factory=list)
    match: list[str] = field(default_factory=list)
    on_match: str = CREATE
    exact: bool = False

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Step:
        """Raises `BadPlan`."""
        known = set(cls.__dataclass_fields__)
        strange = sorted(set(row) - known)
        if strange or "type" not in row:
            raise BadPlan(
                _("The plan says “%(word)s”, which is not known.") % {"word": strange[0]}
                if strange
                else _("A step of the plan lacks its type.")
            )
        step = cls(**row)
        if step.on_match not in ON_MATCH:
            raise BadPlan(
                _("“%(word)s” is not a way to treat records that are there: %(ways)s.")
                % {"word": step.on_match, "ways": ", ".join(ON_MATCH)}
            )
        return step

    @property
    def is_matching(self) -> bool:
        return bool(self.match) and self.on_match != CREATE

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read(path: Path) -> list[Step]:
    """The steps of a TOML plan. Raises `BadPlan`."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPlan(
            _("The plan %(path)s cannot be read: %(reason)s") % {"path": path, "reason": error}
        ) from error
    rows = document.get("step")
    if not isinstance(rows, list) or not rows:
        raise BadPlan(_("The plan has no steps. Begin each with [[step]]."))
    return [Step.of(row) for row in rows]
