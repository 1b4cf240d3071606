"""From where on an export is large, and what follows from that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kariz.accounts import locale, people
from kariz.features.export.models import ExportSetting
from kariz.lib.numbers import NotANumber
from kariz.web.preferences import dress

MOST = 1_000_000_000


class SettingForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker alone
    large_from = forms.CharField(
        label=ExportSetting._meta.get_field("large_from").verbose_name, required=False, max_length=20
    )

    class Meta:
        model = ExportSetting
        fields = ("large_from", "needs_approval")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.large_from
        self.initial["large_from"] = "" if kept is None else locale.active().number(kept)
        self.fields["large_from"].widget.attrs["inputmode"] = "numeric"
        dress(self)

    def clean_large_from(self) -> int | None:
        typed = self.cleaned_data["large_from"].strip()
        if not typed:
            return None
        try:
            number = locale.active().parse_number(typed)
        except NotANumber:
            number = None
        if number is None or number != int(number) or not 1 <= number <= MOST:
            raise ValidationError(
                _("Enter how many records, such as 10,000; nothing means that none is large.")
            )
        return int(number)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("needs_approval") and "large_from" not in self.errors:
            if cleaned.get("large_from") is None:
                self.add_error("large_from", _("Enter from how many records on somebody has to approve."))
            elif people.administrators().count() < 2:
                self.add_error(
                    "needs_approval", _("There is only one administrator. Add another one, who can approve.")
                )
        return cleaned
