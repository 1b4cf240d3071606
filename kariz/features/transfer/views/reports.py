"""How far the import is, what it did, and what can still be done about it."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kariz.accounts import locale
from kariz.core import changes
from kariz.features.transfer import running
from kariz.features.transfer.models import Import, ImportFile, PendingLink, SavedPlan
from kariz.features.transfer.outcomes import MOST_FAILURES, Tally
from kariz.features.transfer.views.steps import own, page
from kariz.jobs.states import State
from kariz.lib.spreadsheet import defuse
from kariz.web.doors import reader

MINUTE, HOUR = 60, 3600


def report(request: HttpRequest, pk: int) -> HttpResponse:
    run = own(request, pk)
    if run.state == Import.State.DRAFT:
        return redirect("transfer:values", run.pk)
    files = list(run.files.all())
    done, total = sum(file.next_row for file in files), sum(file.row_count for file in files)
    is_broken = _is_broken(run)
    is_over = is_broken or run.state in (Import.State.DONE, Import.State.STOPPED)
    context: dict[str, Any] = {
        "run": run, "files": [_described(file) for file in files], "done": done, "total": total,
        "is_over": is_over, "is_broken": is_broken,
        "figures": {name: sum(getattr(file, name) for file in files) for name in ImportFile.COUNTS},
        "pace": _pace(run, done, total) if run.state == Import.State.RUNNING and done < total else "",
        "links_left": _links_left(run) if done == total else 0,
        "made": running.made(run) if is_over else {},
        "may_undo": _may_undo(request, run),
        "undone": run.written_in.undone_by.first() if run.batch else None,
    }  # fmt: skip
    return page(request, "_report" if "HX-Request" in request.headers else "report", "run", **context)


def _links_left(run: Import) -> int:
    """How many links between rows wait for their turn, the rows being through."""
    return PendingLink.objects.filter(file__of=run).count()


def _is_broken(run: Import) -> bool:
    """Whether no worker will carry it on: its job has failed too often."""
    is_open = run.state in (Import.State.WAITING, Import.State.RUNNING)
    return is_open and run.job is not None and run.job.state in (State.FAILED, State.CANCELLED)


def _described(file: ImportFile) -> dict[str, Any]:
    failures = list(file.failures.all()[: MOST_FAILURES + 1])
    return {
        "file": file,
        "problems": Tally(problems=file.problems).worst,
        "failures": [vars(failure) for failure in failures[:MOST_FAILURES]],
        "is_cut": len(failures) > MOST_FAILURES,
    }


def _pace(run: Import, done: int, total: int) -> str:
    """Rows a second, and how long the rest takes at that rate."""
    seconds = (timezone.now() - run.started_at).total_seconds() if run.started_at else 0
    written = done - run.started_row
    if written <= 0 or seconds < 1:
        return ""
    ours = locale.active()
    rate = written / seconds
    told = _("%(rate)s rows a second") % {"rate": ours.number(round(rate))}
    return _(", ").join([told, _left((total - done) / rate)])


def _left(seconds: float) -> str:
    if seconds < MINUTE:
        n = max(1, round(seconds))
        text = ngettext("about %(n)s second left", "about %(n)s seconds left", n)
    elif seconds < HOUR:
        n = round(seconds / MINUTE)
        text = ngettext("about %(n)s minute left", "about %(n)s minutes left", n)
    else:
        n = round(seconds / HOUR)
        text = ngettext("about %(n)s hour left", "about %(n)s hours left", n)
    return text % {"n": locale.active().number(n)}


def _may_undo(request: HttpRequest, run: Import) -> bool:
    mine = run.batch is not None and changes.may_undo(run.batch, reader(request))
    return mine and not run.written_in.undone_by.exists()


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """End the import after the chunk that is being written; what stands can be undone, or gone on with."""
    run = own(request, pk)
    if "resume" in request.POST and (run.state == Import.State.STOPPED or _is_broken(run)):
        running.start(run)
    else:
        running.stop(run)
    return redirect("transfer:report", run.pk)


@require_POST
def save_plan(request: HttpRequest, pk: int) -> HttpResponse:
    run = own(request, pk)
    name = request.POST.get("name", "").strip()[:100]
    if name:
        steps = [running.step_of(file).as_json() for file in run.files.all()]
        SavedPlan.objects.update_or_create(name=name, defaults={"steps": steps, "user": reader(request)})
        messages.success(request, _("The plan “%(name)s” was saved.") % {"name": name})
    return redirect("transfer:report", run.pk)


class _Line:
    """A file to which the csv module writes, and from which each line is taken at once."""

    def write(self, text: str) -> str:
        return text


def failures(request: HttpRequest, pk: int, file_pk: int) -> StreamingHttpResponse:
    """The rows that failed, written as the file was and with their reasons, to be corrected and brought again."""
    file = get_object_or_404(own(request, pk).files, pk=file_pk)
    encoding = file.encoding or "utf-8-sig"
    quote = file.reading.get("quote") or '"'
    writer = csv.writer(_Line(), delimiter=file.delimiter or ",", quotechar=quote)

    def lines() -> Iterator[str]:
        yield writer.writerow(map(defuse, [*file.header, _("Reason")]))
        for failed in file.failures.iterator(chunk_size=1000):
            yield writer.writerow(map(defuse, [*failed.cells, " ".join(failed.reasons)]))

    response = StreamingHttpResponse(
        _encoded(lines(), encoding), content_type=f"text/csv; charset={_charset(encoding)}"
    )
    response["Content-Disposition"] = f'attachment; filename="failed-rows-{file.pk}.csv"'
    return response


def _encoded(lines: Iterator[str], encoding: str) -> Iterator[bytes]:
    """In the encoding of the file. A byte order mark comes once; what the encoding lacks becomes a question mark."""
    encoder = codecs.getincrementalencoder(encoding)(errors="replace")
    for line in lines:
        yield encoder.encode(line)


def _charset(encoding: str) -> str:
    return "utf-8" if encoding == "utf-8-sig" else encoding
