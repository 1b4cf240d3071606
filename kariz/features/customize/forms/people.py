"""What is asked of an administrator about people, teams and the company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.accounts import people
from kariz.accounts.credentials import Invitation
from kariz.accounts.locale import Locale
from kariz.accounts.models import LANGUAGES, Company, Role, Team, User
from kariz.accounts.roles import ShippedRole
from kariz.lib import money
from kariz.lib.calendars import month_names
from kariz.lib.locales import countries
from kariz.lib.text import fold
from kariz.web.preferences import time_zones

if TYPE_CHECKING:
    UserModelForm = forms.ModelForm[User]
    InvitationModelForm = forms.ModelForm[Invitation]
    TeamModelForm = forms.ModelForm[Team]
    CompanyModelForm = forms.ModelForm[Company]
else:
    UserModelForm = InvitationModelForm = TeamModelForm = CompanyModelForm = forms.ModelForm


class UserForm(UserModelForm):
    class Meta:
        model = User
        fields = ("name", "username", "email", "role", "team", "other_roles", "skill", "phone", "language")
        widgets = {"other_roles": forms.CheckboxSelectMultiple}
        help_texts = {
            "username": gettext_lazy("What the user signs in with."),
            "language": gettext_lazy("Users can choose another one in their preferences."),
            "other_roles": gettext_lazy("With several roles one may do what any of them may."),
        }

    def __init__(self, *args: Any, administrator: User, **kwargs: Any) -> None:
        self.administrator = administrator
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["email"].label = _("E-mail")
        roles = Role.objects.order_by("path")
        self.fields["role"].queryset = roles  # type: ignore[attr-defined]
        self.fields["role"].empty_label = None  # type: ignore[attr-defined]
        self.fields["other_roles"].queryset = roles  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.order_by("path")  # type: ignore[attr-defined]
        self.fields["team"].empty_label = _("No team")  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("As the company")), *LANGUAGES]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Nobody takes the keys from oneself: somebody else must, so that one of them always has them."""
        super().clean()
        role: Role | None = self.cleaned_data.get("role")
        others = [one for one in self.cleaned_data.get("other_roles", ()) if one != role]
        self.cleaned_data["other_roles"] = others
        profiles = {one.profile.key for one in (role, *others) if one}
        is_oneself = self.instance.pk == self.administrator.pk and not self.administrator.is_superuser
        if role and is_oneself and ShippedRole.ADMINISTRATOR not in profiles:
            self.add_error("role", _("You cannot take this role from yourself. Another administrator can."))


class InvitationForm(InvitationModelForm):
    class Meta:
        model = Invitation
        fields = ("email", "role", "team", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["role"].initial = ShippedRole.SALESPERSON
        self.fields["role"].empty_label = None  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.order_by("path")  # type: ignore[attr-defined]
        self.fields["team"].empty_label = _("No team")  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("As the company")), *LANGUAGES]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if people.find(email):
            raise ValidationError(_("Somebody has this e-mail address already."))
        if Invitation.objects.filter(email_key=fold(email)).exists():
            raise ValidationError(_("This address is invited already. Send that invitation again."))
        return email


class DeactivateForm(forms.Form):
    hand_over_to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Hand over to"),
        required=False,
        empty_label=gettext_lazy("Nobody: leave them where they are"),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True).exclude(pk=user.pk)
        self.fields["hand_over_to"].queryset = others  # type: ignore[attr-defined]


class TeamForm(TeamModelForm):
    class Meta:
        model = Team
        fields = ("name", "parent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.order_by("path")
        if self.instance.pk:
            teams = teams.exclude(path__startswith=self.instance.path)
        self.fields["parent"].queryset = teams  # type: ignore[attr-defined]
        self.fields["parent"].empty_label = _("No other team")  # type: ignore[attr-defined]


class CompanyForm(CompanyModelForm):
    class Meta:
        model = Company
        fields = (
            "name", "language", "calendar", "digits", "time_zone", "region", "currency", "show_toman",
            "fiscal_start_month",
        )  # fmt: skip

    def __init__(self, *args: Any, ours: Locale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = ours.language
        self.fields["region"] = forms.ChoiceField(
            choices=countries(language), label=self.fields["region"].label
        )
        months = enumerate(month_names(self.instance.calendar, language), 1)
        self.fields["fiscal_start_month"] = forms.TypedChoiceField(
            coerce=int,
            choices=[(number, f"{ours.number(number)} · {name}") for number, name in months],
            label=self.fields["fiscal_start_month"].label,
        )
        codes = [(code, f"{code} · {money.name(code, language)}") for code in money.currencies()]
        self.fields["currency"] = forms.ChoiceField(choices=codes, label=self.fields["currency"].label)
        self.fields["time_zone"] = forms.ChoiceField(
            choices=time_zones(), label=self.fields["time_zone"].label
        )
