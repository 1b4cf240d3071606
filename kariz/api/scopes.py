"""What a caller may ask for beside the rights of the person it acts as: record types and verbs, never more rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kariz.core.registry import RecordType

ANY = "*"


@dataclass(frozen=True)
class Scope:
    """`allowed` is record type → verbs (see `access.VERBS`); `*` stands for every type, and for every verb."""

    allowed: Mapping[str, Sequence[str]]

    @property
    def is_everything(self) -> bool:
        return ANY in self.allowed.get(ANY, ())

    def covers(self, record_type: RecordType | str, verb: str) -> bool:
        name = record_type if isinstance(record_type, str) else record_type.name
        verbs = {*self.allowed.get(name, ()), *self.allowed.get(ANY, ())}
        return verb in verbs or ANY in verbs


EVERYTHING = Scope({ANY: (ANY,)})
