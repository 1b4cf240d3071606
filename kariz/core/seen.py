"""A record type as one person knows it: what is hidden from him is not there, what he only reads is kept.

Whatever asks a record type for its fields, its columns or its layout gets the person's own; pages, forms, filters,
files and the API need no second look at the rights of fields. What is written is checked again by the writing door.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kariz.accounts.revision import by_revision
from kariz.core import registry
from kariz.core.profiles import Rights, rights
from kariz.core.registry import NAMING, NAMING_ONE, Block, RecordType, Shape

if TYPE_CHECKING:
    from kariz.accounts.models import User


def by(record_type: RecordType, user: User | None) -> RecordType:
    """The type as `user` sees it: itself, where nothing is hidden from him or kept."""
    known = rights(record_type, user)
    if not known.hidden and not known.readonly:
        return record_type
    made, key = _made(), (record_type.name, known)
    if key not in made:
        made[key] = _narrowed(registry.get(record_type.name), known)
    return made[key]


def get(name: str, user: User | None) -> RecordType:
    """The type of this name as `user` sees it. Raises `KeyError`."""
    return by(registry.get(name), user)


def every(user: User | None) -> list[RecordType]:
    """The types whose records the user may read, as he sees them, in the order in which people see them."""
    return [by(one, user) for one in registry.every() if "read" in rights(one, user).verbs]


@by_revision
def _made() -> dict[tuple[str, Rights], RecordType]:
    """The narrowed types made since the revision moved on."""
    return {}


def _narrowed(record_type: RecordType, known: Rights) -> RecordType:
    seen = copy(record_type)
    hidden = known.hidden

    def shown(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in hidden)

    def kept(fields: dict[str, Any]) -> dict[str, Any]:
        return {
            name: replace(field, is_readonly=True) if name in known.readonly else field
            for name, field in fields.items()
            if name not in hidden
        }

    whole = record_type.shape
    seen.narrowed = Shape(
        kept(whole.fields),
        kept(whole.all_fields),
        tuple(Block(one.key, one.label, shown(one.fields)) for one in whole.blocks),
        shown(whole.expected),
        tuple(pair for pair in whole.computed if pair[0].name not in hidden),
    )
    of_type: dict[str, Any] = {name: shown(getattr(record_type, name)) for name in NAMING}
    of_type |= {name: "" for name in NAMING_ONE if getattr(record_type, name) in hidden}
    if record_type.sort.removeprefix("-") in hidden:
        of_type["sort"] = record_type.title
    of_type["together"] = tuple(filter(None, map(shown, record_type.together)))
    for name, value in of_type.items():
        setattr(seen, name, value)
    return seen
