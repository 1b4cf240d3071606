"""What the screen says after a change, with Undo: in the answer to htmx, or on the next page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kariz.core.models import ChangeBatch


def tell(
    request: HttpRequest,
    response: HttpResponse,
    text: str,
    *,
    batch: ChangeBatch | None = None,
    level: int = messages.SUCCESS,
    opens: str = "",
) -> HttpResponse:
    """`response` with a toast: added to it where htmx reads it, kept for the next page otherwise.

    `opens` is the address to which the toast leads.
    """
    undo_url = reverse("web:undo", args=[batch.pk]) if batch else ""
    moves_on = 300 <= response.status_code < 400 or "HX-Redirect" in response or "HX-Location" in response
    if getattr(request, "htmx", False) and not moves_on:
        response.write(fragment(request, text, undo_url=undo_url, level=level, opens=opens))
    else:
        messages.add_message(request, level, text, extra_tags=undo_url)
    return response


def fragment(
    request: HttpRequest, text: str, *, undo_url: str = "", level: int = messages.SUCCESS, opens: str = ""
) -> SafeString:
    """One toast that htmx adds to those on the page."""
    context = {
        "text": text,
        "undo_url": undo_url,
        "level": level,
        "link_url": opens,
        "link_text": _("Open the record"),
    }
    toast = render_to_string("web/_toast.html", context, request)
    return format_html('<div id="toasts" hx-swap-oob="beforeend">{}</div>', toast)
