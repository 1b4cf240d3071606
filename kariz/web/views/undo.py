"""A batch of changes: what it did, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import changes, records, registry, undoing
from kariz.core.access import Forbidden
from kariz.core.changes import Kept, Undone
from kariz.core.models import ChangeBatch, Undoing
from kariz.web import history, navigation, toasts
from kariz.web.doors import reader


@dataclass(frozen=True)
class Left:
    """A record that undo left as it is, and the fields that somebody has changed since."""

    type_label: str
    title: str
    url: str
    fields: str


def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What a batch did, to whoever made it or may take it back, and to administrators."""
    user = reader(request)
    found = get_object_or_404(ChangeBatch.objects.select_related("user", "undoes"), pk=pk)
    may_undo = changes.may_undo(found, user)
    if not (may_undo or user.is_administrator or found.user_id == user.pk):
        raise Http404
    page = history.page(found.changes.select_related("batch__user"), request.GET.get("before", ""))
    context = {
        "batch": found,
        "label": history.batch_label(found),
        "counts": _counts(found),
        "moment": locale.active().moment(found.started_at),
        "events": history.events(page.changes, user, titled=True),
        "older": page.older,
        "undone": found.undone_by.select_related("user").first(),
        "unfinished": undoing.unfinished(found),
        "may_undo": may_undo,
    }
    return render(request, "web/batch.html", context)


def _counts(found: ChangeBatch) -> list[str]:
    """Such as “Leads: 12 created”, for each type and kind."""
    ours = locale.active()
    rows = found.changes.values("record_type", "kind").annotate(n=Count("pk")).order_by("record_type", "kind")
    words = {"created": _("%(type)s: %(n)s created"), "updated": _("%(type)s: %(n)s changed"),
             "deleted": _("%(type)s: %(n)s deleted")}  # fmt: skip
    return [
        words[row["kind"]] % {"type": registry.get(row["record_type"]).plural, "n": ours.number(row["n"])}
        for row in rows
    ]


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a batch back, a large one by a job. What was changed since is kept, and listed."""
    user = reader(request)
    found = get_object_or_404(ChangeBatch, pk=pk)
    try:
        if undoing.is_large(found):
            return _progress(request, undoing.start(found, user))
        undone = changes.undo(found, user)
    except Forbidden as error:
        return _refused(request, str(error))
    return _done(request, found, undone)


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the undo of a large batch has come; at its end, what it did."""
    user = reader(request)
    running = Undoing.objects.select_related("batch__undoes", "job").filter(batch__undoes=pk)
    found = get_object_or_404(running)
    batch = found.batch.undoes
    if batch is None or not changes.may_undo(batch, user):
        raise Http404
    if not found.finished_at:
        return _progress(request, found)
    undone = Undone(found.batch, found.restored, undoing.kept(found))
    return _done(request, batch, undone, found.kept_count)


def _progress(request: HttpRequest, found: Undoing) -> HttpResponse:
    """A dialog that asks again every second; without scripts a page that does."""
    is_page, is_stopped = not navigation.is_fragment(request), undoing.is_stopped(found)
    if is_page and request.method == "POST":
        return redirect("web:undoing", found.batch.undoes_id)
    ours = locale.active()
    counts = {"done": ours.number(found.done), "total": ours.number(found.total)}
    context = {
        "undoing": found,
        "batch": found.batch.undoes,
        "is_page": is_page,
        "is_stopped": is_stopped,
        "counts": _("%(done)s of %(total)s changes") % counts,
    }
    template = navigation.template(request, "web/undo_progress.html", "web/_undo_progress.html")
    response = render(request, template, context)
    if not is_page:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    elif not is_stopped:
        response["Refresh"] = "2"
    return response


def _done(
    request: HttpRequest, found: ChangeBatch, undone: Undone, kept_count: int | None = None
) -> HttpResponse:
    kept = list(_left(undone.kept, reader(request)))
    text = _text(undone.restored, len(undone.kept) if kept_count is None else kept_count)
    context = {"text": text, "kept": kept, "batch": undone.batch}
    if "HX-Request" not in request.headers:
        return render(request, "web/undone.html", context)
    return _answer(request, found, context)


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return toasts.tell(request, _silent(), reason, level=messages.WARNING)
    return render(request, "web/undone.html", {"text": reason, "kept": []}, status=409)


def _silent() -> HttpResponse:
    return HttpResponse(headers={"HX-Reswap": "none"})


def _answer(request: HttpRequest, found: ChangeBatch, context: dict[str, object]) -> HttpResponse:
    """A toast, and a list of what was kept where there is any; a page whose record is gone is left."""
    if gone := _list_of_gone(request):
        messages.success(request, str(context["text"]))
        return HttpResponse(headers={"HX-Redirect": gone})
    response = (
        _silent() if request.method == "POST" else HttpResponse()
    )  # which closes the dialog of the progress
    if context["kept"]:
        content = render_to_string("web/_undone_dialog.html", context, request)
        response = HttpResponse(content, headers={"HX-Retarget": "#dialog", "HX-Reswap": "innerHTML"})
    trigger_client_event(response, "recordChanged", {"batch": found.pk})
    return toasts.tell(request, response, str(context["text"]))


def _list_of_gone(request: HttpRequest) -> str:
    """The list to go to where the page that asked is of a record which the undo has taken away."""
    current = getattr(request, "htmx", None) and request.htmx.current_url_abs_path  # type: ignore[attr-defined]
    try:
        match = resolve((current or "").partition("?")[0])
    except Resolver404:
        return ""
    if match.view_name != "web:record":
        return ""
    record_type, pk = match.kwargs["record_type"], match.kwargs["pk"]
    is_there = records.visible(record_type, reader(request)).filter(pk=pk).exists()
    return "" if is_there else reverse("web:list", args=[record_type])


def _text(restored_count: int, kept_count: int) -> str:
    restored = ngettext(
        "Undone: %(n)s record is as before.", "Undone: %(n)s records are as before.", restored_count
    )
    text = restored % {"n": locale.active().number(restored_count)}
    if kept_count:
        kept = ngettext(
            "%(n)s was changed since and stays.", "%(n)s were changed since and stay.", kept_count
        )
        text += " " + kept % {"n": locale.active().number(kept_count)}
    return text


def _left(kept: Iterable[Kept], user: User) -> Iterable[Left]:
    titles = history.titles({(one.record_type, one.record_id) for one in kept}, user)
    for one in kept:
        record_type = registry.get(one.record_type)
        title = titles.get((one.record_type, one.record_id), "")
        url = reverse("web:record", args=[record_type, one.record_id]) if title else ""
        labels = [
            str(record_type.all_fields[name].label) for name in one.fields if name in record_type.all_fields
        ]
        yield Left(str(record_type.label), title or f"#{one.record_id}", url, _(", ").join(labels))
