"""A rule by which records are open, as one sentence."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import conditions
from kariz.core.conditions import BadCondition
from kariz.core.grants import Level, SharingRule
from kariz.core.registry import RecordType
from kariz.web import filters


def sentence(record_type: RecordType, rule: SharingRule, reader: User) -> str:
    """Such as “Leads of the team “North” and those below it: everybody inside may read them.”"""
    words: dict[str, Any] = {
        "records": record_type.plural,
        "owners": _named(rule, rule.owners, "owner"),
        "whom": _named(rule, rule.shared_with, "with"),
    }
    is_write = rule.level == Level.WRITE
    if not rule.where:
        text = (
            _("%(records)s of %(owners)s: %(whom)s may read and edit them.")
            if is_write
            else _("%(records)s of %(owners)s: %(whom)s may read them.")
        )
        return text % words
    words["condition"] = _condition(record_type, rule.where, reader)
    text = (
        _("%(records)s of %(owners)s where %(condition)s: %(whom)s may read and edit them.")
        if is_write
        else _("%(records)s of %(owners)s where %(condition)s: %(whom)s may read them.")
    )
    return text % words


def _named(rule: SharingRule, kind: str, column: str) -> str:
    name = {"name": getattr(rule, f"{column}_{'role' if kind.startswith('role') else kind}", None)}
    match kind:
        case "everyone":
            return _("everybody and nobody")
        case "inside":
            return _("everybody inside")
        case "role":
            return _("people with the role “%(name)s”") % name
        case "role_below":
            return _("people with the role “%(name)s” or one below it") % name
        case "team":
            return _("people of the team “%(name)s” and the teams below it") % name
    return str(name["name"])


def _condition(record_type: RecordType, where: Any, reader: User) -> str:
    try:
        return conditions.sentence(record_type, where, filters.named(record_type, where, reader))
    except BadCondition:
        return _("A condition that cannot be asked any more")
