"""Start-up checks: a wrong declaration stops the server, not one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from kariz.accounts.roles import ShippedRole
from kariz.core import registry
from kariz.core.profiles import HOLDS
from kariz.core.registry import NAMING, NAMING_ONE, RecordType


@register("kariz")
def check_record_types(**_: Any) -> list[CheckMessage]:
    return [message for record_type in registry.every() for message in _problems(record_type)]


def _problems(record_type: RecordType) -> Iterator[CheckMessage]:
    for name, (attribute, number) in _unknown_names(record_type):
        yield _error(record_type, number, f"`{attribute}` names the field {name!r}, which the model has not.")
    yield from _misfits(record_type)
    for role, grant in record_type.rights.items():
        if role not in ShippedRole.values or {grant.read, grant.write, grant.delete or "none"} - HOLDS.keys():
            yield _error(record_type, "E006", f"`rights` grants {role!r} something unknown.")
    for attribute in ("locked", "retired"):
        column = getattr(record_type, attribute)
        if column and not hasattr(record_type.model, column):
            yield _error(record_type, "E007", f"`{attribute}` is {column!r}, which the model has not.")


def _misfits(record_type: RecordType) -> Iterator[CheckMessage]:
    """Names of fields that are there but of another kind."""
    fields = record_type.shipped_fields
    for name in record_type.choices:
        if name not in fields or fields[name].type.name not in ("choice", "choices"):
            yield _error(record_type, "E005", f"`choices` names {name!r}, which is no choice field.")
    own = {
        name for name, one in fields.items() if (one.type.name, one.target) == ("lookup", record_type.name)
    }
    for name in set(record_type.trees) - own:
        yield _error(record_type, "E009", f"`trees` names {name!r}, which is no link to the type itself.")


def _unknown_names(record_type: RecordType) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each name that is no field of the model, with the attribute that names it and the number of the check."""
    named = [(name, (attribute, "E001")) for attribute in NAMING for name in getattr(record_type, attribute)]
    named += [(getattr(record_type, attribute), (attribute, "E002")) for attribute in NAMING_ONE]
    named += [
        (name, (f"layout {block.key}", "E003")) for block in record_type.layout for name in block.fields
    ]
    named.append((record_type.sort.removeprefix("-"), ("sort", "E004")))
    named += [(name, ("together", "E008")) for names in record_type.together for name in names]
    return (one for one in named if one[0] and one[0] not in record_type.shipped_fields)


def _error(record_type: RecordType, number: str, message: str) -> Error:
    return Error(f"{type(record_type).__name__}: {message}", id=f"kariz.{number}")
