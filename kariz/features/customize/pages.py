"""Pages of the settings, the dialogs on them, and where one goes when something is done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

from kariz.core.registry import RecordType
from kariz.features.customize import sections
from kariz.web import slots, toasts
from kariz.web.navigation import is_fragment
from kariz.web.preferences import dress


def show(
    request: HttpRequest, template: str, view: str, *, record_type: RecordType | None = None, **context: Any
) -> HttpResponse:
    """A page of the section `view`."""
    added = [
        sections.Link(one["label"], one["url"], one["icon"]) for one in slots.of("settings_people", request)
    ]
    navigation = sections.navigation(view, record_type, people=added)
    context |= {"navigation": navigation, "record_type": record_type}
    if record_type:
        context["types"] = sections.tabs(view, record_type)
    return render(request, template, context)


def ask(
    request: HttpRequest,
    title: str,
    body: str,
    *,
    form: forms.BaseForm | None = None,
    back: str,
    **context: Any,
) -> HttpResponse:
    """A dialog with the form `body`; a page of its own for a browser that runs no scripts."""
    if form is not None:
        dress(form)
    template = "customize/dialog.html" if is_fragment(request) else "customize/asking.html"
    context |= {"title": title, "body": body, "form": form, "back": back}
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is made of: nothing before it was sent, even if all that was sent is empty."""
    return request.POST if request.method == "POST" else None


def go(request: HttpRequest, url: str, text: str, *, undo_url: str = "") -> HttpResponse:
    """To the page that shows what has changed, with a toast."""
    messages.success(request, text, extra_tags=undo_url)
    return HttpResponseClientRedirect(url) if is_fragment(request) else redirect(url)


def stay(request: HttpRequest, text: str, url: str) -> HttpResponse:
    """A toast on the page that has changed by itself; the page again without scripts."""
    if not is_fragment(request):
        return go(request, url, text)
    return toasts.tell(request, HttpResponse(headers={"HX-Reswap": "none"}), text)


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Put the reasons of `metadata` and `picklists` under the inputs that they are about."""
    told = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, reasons in told.items():
        form.add_error(name if name in form.fields else None, reasons)


def warn(request: HttpRequest, text: str, url: str) -> HttpResponse:
    """Why it was not done, on the page that asked."""
    if not is_fragment(request):
        messages.warning(request, text)
        return redirect(url)
    return toasts.tell(request, HttpResponse(headers={"HX-Reswap": "none"}), text, level=messages.WARNING)
