"""The administrators' page of backups: those there are, one made now, and whether one is made every day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kariz import audit, jobs
from kariz.accounts import locale
from kariz.features.backups import daily, making
from kariz.features.backups.models import BackupSetting
from kariz.jobs.models import Job
from kariz.jobs.states import State
from kariz.lib.numbers import localize_digits
from kariz.web.doors import for_administrators, reader
from kariz.web.preferences import dress

KEPT = (2, 3, 5, 7, 14, 30, 60, 90, 365)  # daily backups that one may want to stay


@dataclass(frozen=True)
class File:
    name: str
    made_at: str
    size: str
    is_daily: bool


class SettingForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker alone
    hour = forms.TypedChoiceField(coerce=int, label=gettext_lazy("Hour"))
    kept = forms.TypedChoiceField(coerce=int, label=gettext_lazy("Backups to keep"))

    class Meta:
        model = BackupSetting
        fields = ("is_daily", "hour", "kept")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        digits = locale.active().digits
        chosen = {"hour": [(n, f"{n:02}:00") for n in range(24)], "kept": [(n, str(n)) for n in KEPT]}
        for name, choices in chosen.items():
            field: Any = self.fields[name]
            field.choices = [(n, localize_digits(text, digits)) for n, text in choices]
        dress(self)


@for_administrators
def backups(request: HttpRequest) -> HttpResponse:
    setting = BackupSetting.current()
    form = SettingForm(request.POST or None, instance=setting)
    if request.method == "POST" and form.is_valid():
        with audit.changing("settings.backups", setting):
            form.save()
        messages.success(request, _("The settings are saved."))
        return redirect("backups:backups")
    context = {"form": form, "files": _files(), **_state()}
    return render(request, "backups/backups.html", context, status=422 if form.errors else 200)


@for_administrators
def state(request: HttpRequest) -> HttpResponse:
    """How far the backup is that is being made; the whole page when it has ended, for its new row."""
    context = _state()
    response = render(request, "backups/_state.html", context)
    if not context["is_running"]:
        response["HX-Refresh"] = "true"
    return response


@for_administrators
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    if not _state()["is_running"]:
        jobs.enqueue(making.TASK, user=reader(request), unique_key=making.TASK)
    return redirect("backups:backups")


@for_administrators
def download(request: HttpRequest, name: str) -> FileResponse:
    path = _known(name)
    audit.note("backup.downloaded", file=name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@for_administrators
@require_POST
def delete(request: HttpRequest, name: str) -> HttpResponse:
    path = _known(name)
    audit.note("backup.deleted", file=name)
    path.unlink()
    messages.success(request, _("The backup is deleted."))
    return redirect("backups:backups")


def _known(name: str) -> Path:
    """The backup of this name, among those that are listed."""
    for path in _paths():
        if path.name == name:
            return path
    raise Http404


def _paths() -> list[Path]:
    return sorted(making.folder().glob("kariz-*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)


def _files() -> list[File]:
    ours = locale.active()
    return [
        File(
            path.name,
            ours.moment(datetime.fromtimestamp(path.stat().st_mtime, UTC)),
            localize_digits(filesizeformat(path.stat().st_size), ours.digits),
            path.stem.endswith(daily.DAILY),
        )
        for path in _paths()
    ]


def _state() -> dict[str, Any]:
    """What the last backup has come to: the job, whether it still runs, and what it said."""
    job = Job.objects.filter(name=making.TASK).order_by("-id").first()
    ours = locale.active()
    is_running = job is not None and job.state in (State.WAITING, State.RUNNING)
    return {
        "job": job,
        "is_running": is_running,
        "is_verifying": is_running and job is not None and job.message == "verifying",
        "ended_at": ours.moment(job.finished_at) if job and job.finished_at else "",
        "rows": ours.number(job.result["rows"]) if job and job.state == State.DONE and job.result else "",
        "reason": job.error.strip().rsplit("\n", 1)[-1].partition(": ")[2] if job and job.error else "",
    }
