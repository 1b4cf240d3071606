"""What a person was told, and ticking it off."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from kariz import notices as kept
from kariz.accounts import locale
from kariz.core.fieldtypes.links import id_in
from kariz.web.doors import reader

SHOWN = 50


def notices(request: HttpRequest) -> HttpResponse:
    """The page; its inside where it opens beside another page."""
    user = reader(request)
    ours = locale.active()
    found = kept.recent(user, SHOWN)
    shown = [
        {"notice": one, "ago": ours.ago(one.created_at), "exact": ours.moment(one.created_at)}
        for one in found
    ]
    in_panel = request.headers.get("HX-Target") == "panel"
    context = {"notices": shown, "has_unread": any(one.read_at is None for one in found)}
    return render(request, "web/_notices_panel.html" if in_panel else "web/notices.html", context)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Tick off one notice and go where it points, or tick off all."""
    user = reader(request)
    pk = id_in(request.POST.get("id", ""))
    if pk is None:
        kept.mark_read(user, None)
        return notices(request) if "HX-Request" in request.headers else redirect("web:notices")
    kept.mark_read(user, [pk])
    url = next((one.url for one in kept.recent(user, SHOWN) if one.pk == pk), "")
    return redirect(url if url_has_allowed_host_and_scheme(url, None) else "web:notices")
