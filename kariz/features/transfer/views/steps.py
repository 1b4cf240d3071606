"""What the steps of the wizard have in common: whose import it is, the steps on top, waiting for a worker."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kariz.core import access, registry
from kariz.features.transfer import preparing
from kariz.features.transfer.models import Import, ImportFile
from kariz.features.transfer.preparing import Part
from kariz.web.doors import reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from kariz.accounts.models import User
    from kariz.features.transfer.plans import Step

P = ParamSpec("P")
STEPS = ("upload", "columns", "values", "matches", "check", "run")


def kinds(user: User) -> list[dict[str, str]]:
    """What files can become, for this user."""
    found = [
        {"name": one.name, "label": str(one.plural)}
        for one in registry.every()
        if access.may(one, user, "import")
    ]
    return found + ([{"name": "user", "label": _("Users and teams")}] if user.is_administrator else [])


def own(request: HttpRequest, pk: int) -> Import:
    """The import, to whoever made it and to administrators; to others it is not there."""
    mine = Import.objects.select_related("batch", "job", "user")
    return get_object_or_404(
        mine if reader(request).is_administrator else mine.filter(user=reader(request)), pk=pk
    )


def drafted(
    view: Callable[Concatenate[HttpRequest, Import, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, int, P], HttpResponse]:
    """A step that can be taken only before the import has begun; afterwards its report is all there is."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        run = own(request, pk)
        if run.state != Import.State.DRAFT:
            return redirect("transfer:report", run.pk)
        return view(request, run, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # functools' own class, which is called the same


def page(
    request: HttpRequest, template: str, step: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    place = STEPS.index(step)
    names = (_("Upload"), _("Columns"), _("Values"), _("Known records"), _("Check"), _("Run"))
    steps = [{"name": name, "is_done": n < place, "is_current": n == place} for n, name in enumerate(names)]
    return render(request, f"transfer/{template}.html", {"steps": steps, **context}, status=status)


def wait(request: HttpRequest, run: Import, step: str, part: Part) -> HttpResponse | None:
    """The page that shows how far a worker is; None when there is nothing to wait for any more. Raises `BadPlan`."""
    if request.method == "POST" and "again" in request.POST:
        preparing.ask(run, part)
    if preparing.is_ready(run, part):
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": request.path})
        return None
    template = "_waiting" if "HX-Request" in request.headers else "waiting"
    has_failed = preparing.has_failed(run)
    return page(
        request, template, step, run=run, job=run.job, has_failed=has_failed, is_check=step == "check"
    )


def store(file: ImportFile, step: Step) -> None:
    file.plan = file.plan | step.as_json()
    file.save(update_fields=["plan"])
