"""What each person chooses for himself, and the index of what administrators arrange."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz.accounts import locale
from kariz.accounts.models import Theme, User
from kariz.web import slots
from kariz.web.doors import reader
from kariz.web.preferences import PreferencesForm


def preferences(request: HttpRequest) -> HttpResponse:
    sent = request.POST or None
    form = PreferencesForm(sent, instance=User.objects.get(pk=reader(request).pk))
    if sent and form.is_valid():
        saved = form.save()
        with locale.use(locale.Locale.of(saved)):  # in the language that has just been chosen
            messages.success(request, _("Your preferences are saved."))
        return redirect("web:preferences")
    return render(request, "web/preferences.html", {"form": form}, status=422 if sent else 200)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark; the script has shown it already."""
    chosen = request.POST.get("theme", "")
    if chosen not in Theme.values:
        return HttpResponseBadRequest(_("Choose one of the themes."))
    User.objects.filter(pk=reader(request).pk).update(theme=chosen)
    if "HX-Request" in request.headers:
        return HttpResponse(status=204)
    back = request.headers.get("Referer", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "web:home")


def settings(request: HttpRequest) -> HttpResponse:
    """The index of what features let administrators arrange."""
    user = reader(request)
    if not user.is_administrator:
        raise PermissionDenied(
            _("Settings are for administrators. Ask one of them for what you need changed.")
        )
    return render(request, "web/settings.html", {"entries": slots.of("settings", request)})
