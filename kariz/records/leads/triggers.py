"""Which milestones of a lead propose its conversion, and which perform it: a setting of the administrators (R114)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kariz import audit
from kariz.accounts import company
from kariz.accounts.revision import by_revision
from kariz.core import choices
from kariz.core.drafts import Draft
from kariz.core.records import Forbidden, Invalid
from kariz.records.leads import conversion
from kariz.records.leads.models import ConversionSetting

NOTHING, PROPOSE, CONVERT = "nothing", "propose", "convert"


@by_revision
def _changed() -> dict[str, str]:
    setting = ConversionSetting.objects.filter(pk=1).first()
    return setting.triggers if setting else {}


def effects() -> dict[str, str]:
    """Milestone → what reaching it does. Each proposes the conversion until an administrator says otherwise."""
    return {one.key: _changed().get(one.key, PROPOSE) for one in choices.of("lead", "milestones")}


def change(wanted: Mapping[str, str]) -> None:
    """Keep other effects."""
    with audit.changing("settings.changed", ConversionSetting(pk=1)):
        ConversionSetting.objects.update_or_create(pk=1, defaults={"triggers": dict(wanted)})
        company.touch()


def proposal(lead: Any) -> str:
    """Why this lead should be converted now; empty where nothing says so."""
    known = effects()
    reached = [key for key in lead.milestones if known.get(key) in (PROPOSE, CONVERT)]
    if lead.is_converted or not reached:
        return ""
    found = choices.find("lead", "milestones", reached[-1])
    return _("Ready to be a customer: %(milestone)s.") % {"milestone": _(found.label)} if found else ""


def follow(drafts: Sequence[Draft]) -> None:
    """Convert the leads that have just reached what performs it; where that is not possible, it stays proposed."""
    known = effects()
    for draft in drafts:
        lead: Any = draft.record
        reached = set(lead.milestones) - set(draft.old("milestones") or ())
        if draft.is_stored or lead.is_converted or CONVERT not in {known.get(key) for key in reached}:
            continue
        try:
            conversion.convert(lead, user=draft.user)
        except (Invalid, Forbidden):
            continue
