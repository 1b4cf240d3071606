"""Pages of the settings that rights are arranged on, the forms on them, and where one goes when it is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kariz.core import registry
from kariz.web import toasts


def links(current: str) -> list[dict[str, Any]]:
    """The pages of rights beside each other."""
    first = registry.every()[0]
    return [
        {"label": label, "url": url, "is_current": name == current}
        for name, label, url in (
            ("roles", _("Roles"), reverse("rights:roles")),
            ("profiles", _("Profiles"), reverse("rights:profiles")),
            ("sharing", _("Sharing"), reverse("rights:sharing", args=[first])),
        )
    ]


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is made of: nothing before it was sent, even if all that was sent is empty."""
    return request.POST if request.method == "POST" else None


def ask(request: HttpRequest, form: forms.BaseForm, title: str, *, back: str, **context: Any) -> HttpResponse:
    """A page with a form. `delete_url` and `question` add what is deleted by a button."""
    context |= {"form": form, "title": title, "back": back}
    return render(request, "rights/form.html", context, status=422 if form.errors else 200)


def go(request: HttpRequest, url: str, text: str) -> HttpResponse:
    return toasts.tell(request, redirect(url), text)


def warn(request: HttpRequest, response: HttpResponse, text: str) -> HttpResponse:
    """Why it was not done, on the page that asked."""
    return toasts.tell(request, response, text, level=messages.WARNING)


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Put the reasons under the inputs that they are about."""
    told = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, reasons in told.items():
        form.add_error(name if name in form.fields else None, reasons)
