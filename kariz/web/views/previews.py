"""Seeing Kariz with another person's eyes, and with one's own again."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from kariz.accounts import previewing
from kariz.accounts.models import User
from kariz.web.doors import for_administrators
from kariz.web.navigation import is_fragment


@require_POST
@for_administrators
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """From the dialog of a user: the home page as that person sees it."""
    try:
        previewing.start(request, get_object_or_404(User, pk=pk))
    except previewing.MayNot as error:
        raise PermissionDenied(str(error)) from None
    home = reverse("web:home")
    return HttpResponseClientRedirect(home) if is_fragment(request) else redirect(home)


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    previewing.stop(request)
    messages.success(request, _("You see Kariz with your own eyes again."))
    return redirect("web:settings")
