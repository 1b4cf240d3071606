"""The screens of profiles: all of them, a new one of what a list shows, and one with the portrait of who fits it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import access, seen
from kariz.core.registry import RecordType
from kariz.features.profiles import portrait
from kariz.features.profiles.forms import ProfileForm
from kariz.features.profiles.models import Profile
from kariz.web import listing, toasts
from kariz.web.doors import for_readers, reader


def profiles(request: HttpRequest) -> HttpResponse:
    """Those of the types that the person may read, with how many fit each."""
    user = reader(request)
    types = {one.name: one for one in seen.every(user)}
    found = Profile.objects.filter(record_type__in=types).select_related("author")
    return render(
        request, "profiles/profiles.html", {"profiles": [(one, types[one.record_type]) for one in found]}
    )


@for_readers
def new(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The portrait of what the list holds, and the form that keeps it as a profile."""
    shown = listing.read(request, record_type)
    if shown.problem:
        raise Http404
    profile = Profile(record_type=record_type.name, where=shown.where or {}, author=reader(request))
    return _page(request, record_type, profile)


def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """One profile; posted, it is changed or deleted by whoever made it, or by an administrator."""
    found = get_object_or_404(Profile.objects.select_related("author"), pk=pk)
    record_type = seen.get(found.record_type, reader(request))
    if not access.may(record_type, reader(request), "read"):
        raise Http404
    if request.method == "POST" and not may_change(found, reader(request)):
        raise PermissionDenied(_("A profile is changed by whoever made it, or by an administrator."))
    if request.method == "POST" and request.POST.get("do") == "delete":
        found.delete()
        return toasts.tell(
            request, redirect("profiles:profiles"), _("“%(title)s” was deleted.") % {"title": found}
        )
    return _page(request, record_type, found)


def may_change(profile: Profile, user: User) -> bool:
    return user.is_administrator or profile.author_id == user.pk


def _page(request: HttpRequest, record_type: RecordType, profile: Profile) -> HttpResponse:
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=profile)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        return toasts.tell(request, redirect("profiles:profile", saved.pk), _("Saved."))
    user = reader(request)
    context: dict[str, Any] = {
        "record_type": record_type,
        "profile": profile,
        "form": form,
        "may_change": may_change(profile, user),
        "portrait": portrait.of(record_type, profile.where, user),
    }
    return render(request, "profiles/profile.html", context, status=422 if form.errors else 200)
