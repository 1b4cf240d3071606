"""Making and changing a record: the full form, the quick one in a dialog, and the question after a clash."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from kariz.core import access
from kariz.core.fieldtypes.links import id_in
from kariz.core.records import Conflict, Forbidden, Invalid
from kariz.core.registry import RecordType
from kariz.web import clashes, saving, submissions, toasts
from kariz.web.doors import for_readers, may_see, onward, reader, visible_or_404
from kariz.web.record_form import Layout, RecordForm, full_layout, prefilled, quick_layout


@for_readers
def new(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The full form of a new record."""
    form = _form_of_new(request, record_type, full_layout(record_type))
    made = _make(request, form)
    if made is None:
        return _page(request, "web/form.html", form, token=submissions.token(request))
    return _opened(request, record_type, *made)


@for_readers
def quick(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The basic fields in a dialog; saving stays on the page, or gives the record to a form that waits for it."""
    is_fragment = "HX-Request" in request.headers
    if request.method == "GET" and not is_fragment:
        return redirect(f"{reverse('web:new', args=[record_type])}?{request.GET.urlencode()}")
    given = [name for name in request.GET if name in record_type.fields]
    form = _form_of_new(request, record_type, quick_layout(record_type, reader(request), given), part="quick")
    made = _make(request, form)
    if made is None:
        waiting = request.POST.get("for", "") or request.GET.get("for", "")
        return _page(request, "web/_quick.html", form, token=submissions.token(request), waiting=waiting)
    return _stayed(request, record_type, *made) if is_fragment else _opened(request, record_type, *made)


@for_readers
def edit(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """The full form of a record that is there."""
    user = reader(request)
    record = visible_or_404(request, record_type, pk)
    if not access.may_write(record_type, user, record):
        raise Forbidden(_("You may not change this record."))
    form = RecordForm(record_type, record, user, full_layout(record_type), request.POST or None, part="form")
    if request.method != "POST":
        return _page(request, "web/form.html", form, version=record.version)
    version = request.POST.get("version", "")
    try:
        form.check()
        values = clashes.settled(request.POST, form.values)
        saved, batch = saving.save(
            record_type,
            record,
            values,
            user=user,
            version=id_in(version) or record.version,
        )
    except Invalid as error:
        form.refuse(error.errors)
        return _page(request, "web/form.html", form, version=version)
    except Conflict as conflict:
        return render(
            request,
            "web/conflict.html",
            clashes.context(record_type, conflict, form.values, user),
            status=409,
        )
    text = _("Saved.") if batch else _("Nothing was changed.")
    return toasts.tell(request, onward(request, saved), text, batch=batch)


def _form_of_new(
    request: HttpRequest, record_type: RecordType, layout: Layout, part: str = "form"
) -> RecordForm:
    user = reader(request)
    if not access.may(record_type, user, "create"):
        raise Forbidden(_("You may not create records of this type."))
    if request.method == "POST":
        return RecordForm(record_type, record_type.model(), user, layout, request.POST, part)
    return RecordForm(
        record_type, prefilled(record_type, user, _given(request, record_type)), user, layout, part=part
    )


def _given(request: HttpRequest, record_type: RecordType) -> dict[str, str]:
    """The values in the address."""
    return {name: request.GET[name] for name in request.GET if name in record_type.fields}


def _make(request: HttpRequest, form: RecordForm) -> submissions.Made | None:
    """The new record; None before anything was sent, or where the form has errors now."""
    if request.method != "POST":
        return None
    try:
        form.check()
        return submissions.once(
            submissions.token(request), form.record_type, form.user,
            lambda: saving.save(form.record_type, form.record, form.values, user=form.user),
        )  # fmt: skip
    except Invalid as error:
        form.refuse(error.errors)
        return None


def _page(request: HttpRequest, template: str, form: RecordForm, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def _created(record_type: RecordType, record: Any) -> str:
    title = record_type.all_fields[record_type.title].get(record)
    return _("%(type)s “%(title)s” was created.") % {"type": record_type.label, "title": title}


def _opened(request: HttpRequest, record_type: RecordType, record: Any, batch: Any) -> HttpResponse:
    return toasts.tell(request, onward(request, record), _created(record_type, record), batch=batch)


def _stayed(request: HttpRequest, record_type: RecordType, record: Any, batch: Any) -> HttpResponse:
    """Nothing but a toast that leads to the new record; the dialog closes because it is empty."""
    response, text = HttpResponse(), _created(record_type, record)
    if waiting := request.POST.get("for", ""):
        title = str(record_type.all_fields[record_type.title].get(record))
        trigger_client_event(response, "recordCreated", {"for": waiting, "id": record.pk, "title": title})
        return toasts.tell(request, response, text)  # the form that waits is not to be left
    trigger_client_event(response, "recordChanged", {"type": record_type.name, "id": record.pk})
    opens = reverse("web:record", args=[record_type, record.pk]) if may_see(request, record) else ""
    return toasts.tell(request, response, text, batch=batch, opens=opens)
