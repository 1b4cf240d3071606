"""What each person chooses for himself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.accounts import company
from kariz.accounts.models import LANGUAGES, Calendar, Company, Digits, User

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


class PreferencesForm(UserForm):
    """Empty choices mean "as the company", and say what that is."""

    class Meta:
        model = User
        fields = ("name", "phone", "language", "calendar", "digits", "time_zone", "theme", "density")
        labels = {"language": gettext_lazy("Language"), "time_zone": gettext_lazy("Time zone")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = company.current()
        for name, choices in _choices(ours).items():
            shown = dict(choices).get(getattr(ours, name), getattr(ours, name))
            first = ("", _("As the company (%(value)s)") % {"value": shown})
            self.fields[name] = forms.ChoiceField(
                choices=[first, *choices], required=False, label=self.fields[name].label
            )
        dress(self)


def _choices(ours: Company) -> dict[str, list[tuple[str, Any]]]:
    return {
        "language": list(LANGUAGES),
        "calendar": list(Calendar.choices),
        "digits": list(Digits.choices),
        "time_zone": time_zones(),
    }


def time_zones() -> list[tuple[str, str]]:
    """Every time zone that is named after a place, and UTC."""
    places = (
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    )
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(places))]


def dress(form: forms.BaseForm) -> None:
    """Give the controls the look of all inputs, and tell readers of the screen which ones are wrong."""
    for name, field in form.fields.items():
        field.widget.attrs["class"] = "input"
        if name in form.errors:
            field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"id_{name}-error"}
