"""What an administrator says of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.accounts import locale
from kariz.api.scopes import Scope
from kariz.features.programs.forms import REACHES, WHOLE, ReachForm
from kariz.features.programs.oauth import addresses
from kariz.web.preferences import dress

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.features.programs.models import Program

MOST_ADDRESSES = 20
KINDS = {
    "device": gettext_lazy("On people's devices"),
    "server": gettext_lazy("On a server"),
}


class ProgramForm(ReachForm):
    """Where a program runs is decided once, when it is registered."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("People read it when they are asked for access."),
    )
    home_page = forms.URLField(
        label=gettext_lazy("Home page"), max_length=500, required=False, assume_scheme="https"
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("It runs"),
        choices=list(KINDS.items()),
        help_text=gettext_lazy(
            "On a server it gets a secret, by which it proves that it is itself. An app, or a page in a browser,"
            " can keep none."
        ),
    )
    addresses = forms.CharField(
        label=gettext_lazy("Redirect addresses"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line, exactly as the program sends them: https; http on the person's own computer"
            " (http://127.0.0.1/back, with any port); or a scheme of the app's own (com.example.app:/back)."
        ),
    )
    is_active = forms.BooleanField(label=gettext_lazy("Active"), required=False, initial=True)
    field_order = ("name", "home_page", "kind", "addresses", "reach", "is_active")

    def __init__(self, user: User, program: Program, *args: Any, **kwargs: Any) -> None:
        was = Scope(program.scope) if program.pk else WHOLE["read"]
        super().__init__(user, *args, was=was, initial=_told(program), **kwargs)
        self.program = program
        reach: Any = self.fields["reach"]
        reach.label = _("May ask for")
        reach.choices = list((REACHES | {"everything": _("Everything that the person may do")}).items())
        if program.pk:
            del self.fields["kind"]
        dress(self)
        self.fields["is_active"].widget.attrs["class"] = "check__box"

    def clean_home_page(self) -> str:
        url: str = self.cleaned_data["home_page"]
        if url and not url.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(_("Enter a web address, such as https://example.com."))
        return url

    def clean_addresses(self) -> list[str]:
        listed = list(dict.fromkeys(self.cleaned_data["addresses"].split()))
        if wrong := [one for one in listed if not addresses.is_possible(one)]:
            raise forms.ValidationError(
                _(
                    "Browsers cannot be sent to %(address)s safely. See below which addresses can be registered."
                )
                % {"address": wrong[0]}
            )
        if len(listed) > MOST_ADDRESSES:
            raise forms.ValidationError(
                _("%(n)s addresses are the most.") % {"n": locale.active().number(MOST_ADDRESSES)}
            )
        return listed

    def filled(self) -> Program:
        """The program as the form has it, not saved yet."""
        program, said = self.program, self.cleaned_data
        program.name, program.home_page, program.addresses = (
            said["name"],
            said["home_page"],
            said["addresses"],
        )
        program.scope, program.is_active = self.scope.kept, said["is_active"]
        if not program.pk:
            program.is_confidential = said["kind"] == "server"
        return program


def _told(program: Program) -> dict[str, Any]:
    return {
        "name": program.name,
        "home_page": program.home_page,
        "addresses": "\n".join(program.addresses),
        "is_active": program.is_active,
    }
