"""What an administrator says of a role, of a new profile, and of a rule by which records are open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.accounts.models import Profile, Role, User
from kariz.accounts.roles import ShippedRole
from kariz.accounts.validators import check_networks
from kariz.core.grants import SharingRule
from kariz.features.rights import whom
from kariz.web.preferences import dress

if TYPE_CHECKING:
    RoleModelForm = forms.ModelForm[Role]
    ProfileModelForm = forms.ModelForm[Profile]
    RuleModelForm = forms.ModelForm[SharingRule]
else:
    RoleModelForm = ProfileModelForm = RuleModelForm = forms.ModelForm


class Named:
    """A name that is shown in the reader's language is kept as it was where nobody has written another one."""

    instance: Any
    initial: Any
    cleaned_data: dict[str, Any]

    def show_name(self) -> None:
        if self.instance.pk:
            self.initial["name"] = str(self.instance)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        is_as_shown = self.instance.pk and name == str(self.instance)
        return self.instance.name if is_as_shown else name


class RoleForm(Named, RoleModelForm):
    networks = forms.CharField(
        label=gettext_lazy("Signs in from"),
        help_text=gettext_lazy("One network a line, such as 192.168.0.0/24; empty: from everywhere."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
        required=False,
    )

    class Meta:
        model = Role
        fields = ("name", "parent", "profile", "is_external", "needs_second_factor", "networks")
        help_texts = {
            "profile": gettext_lazy("What people with this role may do."),
            "is_external": gettext_lazy(
                "Such as a dealer: what is open to everybody inside is not open to them."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_name()
        if self.instance.pk:
            self.initial["networks"] = "\n".join(self.instance.networks)
        others = Role.objects.order_by("path")
        if self.instance.pk:
            others = others.exclude(path__startswith=self.instance.path)
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]
        self.fields["parent"].empty_label = _("No other role")  # type: ignore[attr-defined]
        self.fields["profile"].empty_label = _("Choose…")  # type: ignore[attr-defined]
        dress(self)

    def clean_networks(self) -> list[str]:
        networks: list[str] = self.cleaned_data["networks"].split()
        check_networks(networks)
        return networks


class ProfileForm(Named, ProfileModelForm):
    """A new name for a profile; for a new one also whom it takes after."""

    original = forms.ModelChoiceField(
        Profile.objects.all(),
        label=gettext_lazy("As a copy of"),
        help_text=gettext_lazy("It begins with what that profile may do today."),
        empty_label=None,
    )

    class Meta:
        model = Profile
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_name()
        if self.instance.pk:
            del self.fields["original"]
        else:
            copied = Profile.objects.exclude(key=ShippedRole.ADMINISTRATOR)
            self.fields["original"].queryset = copied  # type: ignore[attr-defined]
        dress(self)


class RuleForm(RuleModelForm):
    """Owners and readers are each one choice among everybody, roles, teams and people."""

    of = forms.ChoiceField(label=gettext_lazy("Records of"))
    to = forms.ChoiceField(label=gettext_lazy("Open to"))

    class Meta:
        model = SharingRule
        fields = ("name", "level", "is_active")
        labels = {"level": gettext_lazy("They")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = self.instance
        choices = whom.options(below=True)
        self._offer("of", [("everyone", _("Everybody, and of nobody")), *choices], _chosen(rule, "owner"))
        self._offer("to", [("inside", _("Everybody inside")), *choices], _chosen(rule, "with"))
        self.order_fields(("name", "of", "to", "level", "is_active"))
        dress(self)

    def _offer(self, name: str, choices: whom.Options, chosen: str) -> None:
        who = whom.find(chosen)
        if isinstance(who, User) and not who.is_active:  # somebody who has left
            choices = [*choices, (chosen, str(who))]
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial[name] = chosen

    def clean_of(self) -> str:
        return self._named("of")

    def clean_to(self) -> str:
        return self._named("to")

    def _named(self, name: str) -> str:
        chosen: str = self.cleaned_data[name]
        if ":" in chosen and whom.find(chosen) is None:
            raise ValidationError(_("Choose somebody who is still there."))
        return chosen

    def _post_clean(self) -> None:
        for name, column, kind in (("of", "owner", "owners"), ("to", "with", "shared_with")):
            if name in self.cleaned_data:
                _choose(self.instance, column, kind, self.cleaned_data[name])
        super()._post_clean()  # type: ignore[misc]


COLUMNS = {"role": "role", "role_below": "role", "team": "team", "user": "user"}


def _chosen(rule: SharingRule, column: str) -> str:
    kind = rule.owners if column == "owner" else rule.shared_with
    if kind not in COLUMNS:
        return kind
    return f"{kind}:{getattr(rule, f'{column}_{COLUMNS[kind]}_id')}"


def _choose(rule: SharingRule, column: str, kind_column: str, chosen: str) -> None:
    kind, _colon, pk = chosen.partition(":")
    setattr(rule, kind_column, kind)
    for one in ("role", "team", "user"):
        setattr(rule, f"{column}_{one}_id", int(pk) if COLUMNS.get(kind) == one else None)
