"""Two people changed the same record: the second is asked, field by field, which value to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import links
from kariz.core.fields import Field
from kariz.core.fieldtypes import FieldError
from kariz.core.records import Conflict
from kariz.core.registry import RecordType
from kariz.web import inputs

PREFIX = "keep."


@dataclass(frozen=True)
class Question:
    """One field that both have changed, as each of them reads it; `raws` are what the second one typed."""

    name: str
    label: Any
    mine: str
    theirs: str
    raws: list[str]


def settled(sent: QueryDict, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without those for which the answer was to keep the other's."""
    return {name: raw for name, raw in values.items() if sent.get(PREFIX + name) != "theirs"}


def context(
    record_type: RecordType, conflict: Conflict, typed: Mapping[str, Any], user: User
) -> dict[str, Any]:
    """What the page that asks needs: the questions, the other values to send again, and who was first."""
    fields = record_type.all_fields
    clashing = [fields[clash.field] for clash in conflict.clashes]
    mine = inputs.names(((fields[clash.field], clash.mine) for clash in conflict.clashes), user)
    names = mine | links.names(clashing, [conflict.record], user)
    reader = locale.active()
    return {
        "record_type": record_type,
        "record": conflict.record,
        "version": conflict.record.version,
        "who": conflict.change.batch.user,
        "ago": reader.ago(conflict.change.at),
        "questions": [
            Question(
                name=clash.field,
                label=fields[clash.field].label,
                mine=_shown(fields[clash.field], clash.mine, names),
                theirs=_shown(fields[clash.field], clash.theirs, names),
                raws=_raws(typed[clash.field]),
            )
            for clash in conflict.clashes
        ],
        "others": [(name, raw) for name, value in conflict.kept.items() for raw in _raws(value)],
        "title": fields[record_type.title].get(conflict.record),
    }


def _raws(raw: Any) -> list[str]:
    return raw if isinstance(raw, list) else [raw]


def _shown(field: Field, stored: Any, names: links.Names) -> str:
    if stored in (None, "", []):
        return "–"
    if field.target:
        return _(", ").join(names.get((field.target, int(pk)), f"#{pk}") for pk in _raws(stored))
    try:
        return field.show(field.type.load(stored))
    except FieldError:
        return str(stored)
