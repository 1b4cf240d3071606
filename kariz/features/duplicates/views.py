"""The queue of possible duplicates, what is decided there, and the scan that fills it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kariz import jobs
from kariz.accounts import locale
from kariz.core import access, paging, records
from kariz.core import merging as core_merging
from kariz.core.records import Forbidden
from kariz.core.registry import RecordType
from kariz.features.duplicates import groups, merging, queue, rules
from kariz.features.duplicates.kinds import KINDS
from kariz.features.duplicates.models import DuplicateGroup
from kariz.features.duplicates.queue import Asked, Shown
from kariz.jobs.models import Job
from kariz.jobs.states import State as JobState
from kariz.web import inputs, toasts
from kariz.web.doors import for_readers, reader
from kariz.web.listing import with_query

State = DuplicateGroup.State

DIRECTLY = 20  # groups that are merged while one waits
MOST_AT_ONCE, SHOWN_AT_ONCE = 5_000, 500


@for_readers
def queue_page(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The groups to decide on; or, by `state`, those that somebody keeps separate."""
    recognition = rules.of(record_type)
    if recognition is None:
        raise Http404
    asked = _asked(request, record_type)
    page = queue.page(asked, request.GET.get("cursor", ""))
    number, is_capped = paging.capped_count(queue.groups(asked))
    told = ngettext("%(n)s group", "%(n)s groups", number) % {"n": locale.active().number(number)}
    context = {
        "record_type": record_type,
        "types": [
            one.record_type
            for one in rules.every().values()
            if access.may(one.record_type, reader(request), "read")
        ],
        "asked": asked,
        "page": page,
        "count": _("%(groups)s and more") % {"groups": told} if is_capped else told,
        "states": State.choices,
        "kinds": {part.kind.name: part.kind.label for part in recognition.parts},
        "next_url": _at(asked, page.next),
        "previous_url": _at(asked, page.previous),
        "here": request.get_full_path(),
        "query": f"?{request.GET.urlencode()}" if request.GET else "",
        "may_merge": asked.state == State.OPEN and any(one.mergeable for one in page.shown),
        **_scan(),
    }
    return render(request, "duplicates/queue.html", context)


def _asked(request: HttpRequest, record_type: RecordType) -> Asked:
    given = request.GET
    state = given.get("state", "")
    kind = given.get("kind", "")
    return Asked(
        record_type,
        reader(request),
        state if state in State.values else State.OPEN,
        kind if kind in KINDS else "",
        given.get("mine") == "1",
    )


def _at(asked: Asked, cursor: str) -> str:
    address = reverse("duplicates:queue", args=[asked.record_type])
    return with_query(address, {**asked.given, "cursor": cursor}) if cursor else ""


def _scan() -> dict[str, Any]:
    """How far the scan is, or when the last one ended."""
    latest = Job.objects.filter(name="scan_duplicates").order_by("-pk").first()
    is_running = latest is not None and latest.state in (JobState.WAITING, JobState.RUNNING)
    ended = latest.finished_at if latest and latest.state == JobState.DONE else None
    return {
        "scan": latest if is_running else None,
        "scanned": locale.active().ago(ended) if ended else "",
        "has_failed": latest is not None and latest.state == JobState.FAILED,
    }


@for_readers
def scan(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Look at everything again; asked for by GET, how far that is."""
    there = reverse("duplicates:queue", args=[record_type])
    if request.method == "POST":
        jobs.enqueue("scan_duplicates", unique_key="scan_duplicates", user=reader(request))
        return redirect(there)
    state = _scan()
    if "HX-Request" not in request.headers:
        return redirect(there)
    if state["scan"] is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "duplicates/_scan.html", {"record_type": record_type, **state})


@require_POST
@for_readers
def decide(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """Keep the members of a group separate (`apart`), for good (`never`), or ask about them again (`ask`)."""
    do = request.POST.get("do", "")
    shown = _shown(request, record_type, pk)
    if not shown.may_decide:
        raise Forbidden(_("You may not change all of these records."))
    if do == "ask":
        groups.reopen(shown.group)
        return toasts.tell(request, _back(request, record_type), _("They are asked about again."))
    if do not in ("apart", "never") or shown.group.state != State.OPEN:
        raise Http404
    members = [one.read for one in shown.members]
    batch = groups.decide(shown.group, members, reader(request), is_final=do == "never")
    told = (
        _("They are never asked about again.")
        if do == "never"
        else _("They are kept separate, and asked about again only if they change.")
    )
    return toasts.tell(request, _back(request, record_type), told, batch=batch)


def _shown(request: HttpRequest, record_type: RecordType, pk: int) -> Shown:
    """A group of which the person sees enough."""
    for state in State.values:
        asked = Asked(record_type, reader(request), state)
        if (row := queue.groups(asked).filter(pk=pk).first()) and (found := queue.show(asked, [row])):
            return found[0]
    raise Http404


def _back(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """To the queue as it was asked for."""
    address = reverse("duplicates:queue", args=[record_type])
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


@require_POST
@for_readers
def merge_many(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """Merge the ticked groups, or `all` that the filter shows, each field by its default."""
    asked = _asked(request, record_type)
    if asked.state != State.OPEN:
        raise Http404
    found = queue.groups(asked).order_by("-score", "-pk")
    if not request.POST.get("all"):
        found = found.filter(pk__in=inputs.ticked(request.POST))
    rows = list(found[:MOST_AT_ONCE])
    parts = (rows[start : start + SHOWN_AT_ONCE] for start in range(0, len(rows), SHOWN_AT_ONCE))
    shown = [one for part in parts for one in queue.show(asked, part)]
    wanted = merging.proposals(
        record_type, [one.mergeable for one in shown if one.mergeable], reader(request)
    )
    if not wanted:
        text = _("None of these can be merged as a whole. Open one to see why.")
        return toasts.tell(request, _back(request, record_type), text)
    batch = records.batch_of("merge", reader(request), _("Duplicates"))
    if len(wanted) > DIRECTLY:
        pairs = [(group.primary, group.others) for group in wanted]
        jobs.enqueue(
            "merge_groups",
            user=reader(request),
            record_type=record_type.name,
            groups=pairs,
            person=reader(request).pk,
            batch=batch.pk,
        )
        text = _("They are being merged. A notice tells you when it is done.")
        return toasts.tell(request, _back(request, record_type), text)
    merged = core_merging.merge_groups(record_type, wanted, user=reader(request), batch=batch)
    text = ngettext("%(n)s group was merged.", "%(n)s groups were merged.", len(merged.done))
    text %= {"n": locale.active().number(len(merged.done))}
    text = " ".join(filter(None, [text, merging.told_of_circles(merged.opened)]))
    return toasts.tell(request, _back(request, record_type), text, batch=batch if merged.done else None)
