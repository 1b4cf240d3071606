"""What is asked of people who sign in, prove again who they are, or choose a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kariz import audit
from kariz.accounts import factors, locale, passwords, people
from kariz.accounts.credentials import Invitation
from kariz.accounts.models import User
from kariz.web import throttle
from kariz.web.preferences import dress
from kariz.web.signing_in import tell_failure
from kariz.web.throttle import Waiting


def too_many(error: Waiting) -> ValidationError:
    text = ngettext(
        "Too many attempts. Wait %(minutes)s minute, or ask your administrator.",
        "Too many attempts. Wait %(minutes)s minutes, or ask your administrator.",
        error.minutes,
    )
    return ValidationError(text, code="blocked", params={"minutes": locale.active().number(error.minutes)})


class SignInForm(AuthenticationForm):
    """Says the same whether the name, the password or both are wrong."""

    username = UsernameField(max_length=254, label=gettext_lazy("Username or e-mail"))
    password = forms.CharField(
        max_length=passwords.LONGEST, strip=False, widget=forms.PasswordInput, label=gettext_lazy("Password")
    )
    error_messages = dict.fromkeys(
        ("invalid_login", "inactive"),
        gettext_lazy("This name and password do not belong together. Check both and try again."),
    )

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        request: HttpRequest = self.request  # type: ignore[assignment]
        try:
            with throttle.password(request, name) as trial:
                cleaned = super().clean()
                trial.succeeded()
                return cleaned
        except Waiting as waiting:
            audit.note("sign_in.locked", typed=name)
            tell_failure(request, name)
            raise too_many(waiting) from None


class CodeForm(forms.Form):
    """A code of an authenticator app, or a recovery code. `kind` is which it was."""

    code = forms.CharField(
        max_length=60,
        label=gettext_lazy("Code"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}
        ),
    )
    kind = ""

    def __init__(self, request: HttpRequest, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.request, self.user = request, user
        dress(self)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            with throttle.code(self.request, self.user) as trial:
                self.kind = factors.accept(self.user, code)
                if self.kind:
                    trial.succeeded()
                    return code
        except Waiting as waiting:
            raise too_many(waiting) from None
        tell_failure(self.request, self.user.get_username())
        raise ValidationError(_("This code is not right, or was used before. Try the next one."))


class OwnPasswordForm(forms.Form):
    """The password of somebody who is signed in, asked once more."""

    password = forms.CharField(
        max_length=passwords.LONGEST,
        strip=False,
        label=gettext_lazy("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.request, self.user = request, user
        dress(self)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        credentials = {"username": self.user.get_username(), "password": password}
        try:
            with throttle.code(self.request, self.user) as trial:
                found = authenticate(self.request, **credentials)
                if found is not None and found.pk == self.user.pk:
                    trial.succeeded()
                    return password
        except Waiting as waiting:
            raise too_many(waiting) from None
        raise ValidationError(_("This is not your password."))


class NewPasswordForm(forms.Form):
    """A new password, typed once: it can be shown while one types."""

    new_password = forms.CharField(
        max_length=passwords.LONGEST,
        strip=False,
        label=gettext_lazy("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.user = user
        self.fields["new_password"].help_text = password_help(user)
        dress(self)

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        validate_password(password, self.user)
        return password

    @transaction.atomic
    def save(self) -> User:
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.save(update_fields=["password"])
        audit.note("sign_in.password", user=self.user, about=self.user)
        return self.user


def password_help(user: User | None) -> str:
    """What a password must be, before it is refused."""
    needed = passwords.least(user)
    least = ngettext("At least %(count)s character.", "At least %(count)s characters.", needed)
    shown = least % {"count": locale.active().number(needed)}
    return " ".join([shown, *filter(None, password_validators_help_texts()[:1])])


class ForgottenForm(forms.Form):
    name = forms.CharField(
        max_length=254,
        label=gettext_lazy("Username or e-mail"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "dir": "auto"}),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        dress(self)


class EmailForm(forms.Form):
    """Another e-mail address for somebody who is signed in."""

    email = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        dress(self)


class JoinForm(NewPasswordForm):
    """What the invited choose for themselves."""

    name = forms.CharField(
        max_length=150,
        label=gettext_lazy("Full name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    username = forms.CharField(
        max_length=150,
        label=gettext_lazy("Username"),
        help_text=gettext_lazy("What you sign in with, as well as with your e-mail address."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "dir": "ltr"}),
    )
    field_order = ("name", "username", "new_password")

    def __init__(self, invitation: Invitation, *args: Any) -> None:
        super().__init__(User(email=invitation.email), *args)

    def clean_name(self) -> str:
        """Names come first: the password, which is looked at last, must not be one of them."""
        self.user.name = self.cleaned_data["name"].strip()
        return self.user.name

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip()
        if "@" in username:
            raise ValidationError(_("A username has no @: your e-mail address works beside it."))
        if people.find(username):
            raise ValidationError(_("Somebody has this username already. Choose another."))
        self.user.username = username
        return username
