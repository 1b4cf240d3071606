"""What administrators decide: which views are noted, and for how long entries are kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kariz import audit
from kariz.accounts import company, locale
from kariz.core import registry
from kariz.features.audit import viewed
from kariz.features.audit.models import AuditSetting, ViewSetting
from kariz.web.preferences import dress

RATES = (0, 1, 2, 5, 10, 50, 100, 1000)
MONTHS = (3, 6, 12, 24, 36, 60, 84, 120)


class SettingForm(forms.Form):
    """A choice for each record type, `views-lead`, and one for the time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rates, self.setting = viewed.rates(), AuditSetting.current()
        for one in registry.every():
            self.fields[f"views-{one.name}"] = forms.TypedChoiceField(
                coerce=int,
                label=one.plural,
                choices=_rates(rates.get(one.name, 0)),
                initial=rates.get(one.name, 0),
            )
        self.fields["kept_months"] = forms.TypedChoiceField(
            coerce=int,
            empty_value=None,
            required=False,
            label=AuditSetting._meta.get_field("kept_months").verbose_name,
            choices=_months(self.setting.kept_months),
            initial=self.setting.kept_months or "",
        )
        dress(self)

    @property
    def views(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("views-")]

    @transaction.atomic
    def save(self) -> None:
        with audit.changing("settings.audit", self.setting):
            self.setting.kept_months = self.cleaned_data["kept_months"]
            self.setting.save()
        for one in registry.every():
            row = ViewSetting(record_type=one.name)
            with audit.changing("settings.audit", row, about=(one.name, None, "")):
                ViewSetting.objects.update_or_create(
                    record_type=one.name, defaults={"every": self.cleaned_data[f"views-{one.name}"]}
                )
        company.touch()


def _rates(current: int) -> list[tuple[int, str]]:
    words = {0: _("Off"), 1: _("All views")}
    sampled = _("One view in %(n)s")
    ours = locale.active()
    return [(n, words.get(n) or sampled % {"n": ours.number(n)}) for n in sorted({*RATES, current})]


def _months(current: int | None) -> list[tuple[int | str, str]]:
    ours = locale.active()

    def words(months: int) -> str:
        years, rest = divmod(months, 12)
        if rest:
            return ngettext("%(n)s month", "%(n)s months", months) % {"n": ours.number(months)}
        return ngettext("%(n)s year", "%(n)s years", years) % {"n": ours.number(years)}

    return [("", _("For good")), *((n, words(n)) for n in sorted({*MONTHS, *([current] if current else [])}))]
