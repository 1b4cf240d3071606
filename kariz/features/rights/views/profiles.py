"""Profiles: what people may do with each record type, and which of its fields they see."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz import audit
from kariz.accounts import company, keys
from kariz.accounts.models import Profile, Role
from kariz.core import profiles as core
from kariz.core import registry
from kariz.core.grants import FieldGrant
from kariz.core.registry import RecordType
from kariz.features.rights import grid, pages
from kariz.features.rights.forms import ProfileForm
from kariz.web.doors import for_administrators


@for_administrators
def profiles(request: HttpRequest) -> HttpResponse:
    named: dict[int, list[str]] = {}
    for role in Role.objects.order_by("path"):
        named.setdefault(role.profile_id, []).append(str(role))
    rows = [
        {"profile": one, "roles": _(", ").join(named.get(one.pk, []))}
        for one in Profile.objects.order_by("pk")
    ]
    return render(request, "rights/profiles.html", {"rows": rows, "links": pages.links("profiles")})


@for_administrators
def add(request: HttpRequest) -> HttpResponse:
    """A new profile, as a copy of another."""
    form = ProfileForm(pages.sent(request), initial={"original": request.GET.get("of")})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            made = core.copy(form.cleaned_data["original"], key=keys.free(Profile, name), name=name)
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            there = reverse("rights:profile", args=[made.pk])
            return pages.go(request, there, _("The profile “%(profile)s” is added.") % {"profile": made})
    return pages.ask(request, form, _("Add profile"), back=reverse("rights:profiles"))


@for_administrators
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Profile, pk=pk)
    form = ProfileForm(pages.sent(request), instance=found)
    there = reverse("rights:profile", args=[pk])
    if request.method == "POST" and form.is_valid():
        with audit.changing("rights.profile", found):
            form.save()
            company.touch()
        return pages.go(request, there, _("The profile “%(profile)s” is saved.") % {"profile": found})
    may_delete = not grid.is_shipped(found) and not found.roles.exists()
    delete_url = reverse("rights:profile_delete", args=[pk]) if may_delete else ""
    question = _("Delete this profile?")
    return pages.ask(request, form, str(found), back=there, delete_url=delete_url, question=question)


@require_POST
@for_administrators
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Profile, pk=pk)
    if grid.is_shipped(found) or found.roles.exists():
        told = _("Only a profile that no role has and that was not shipped can be deleted.")
        return pages.warn(request, redirect("rights:profile", pk), told)
    with audit.changing("rights.profile", found):
        found.delete()
        company.touch()
    told = _("The profile “%(profile)s” is deleted.") % {"profile": found}
    return pages.go(request, reverse("rights:profiles"), told)


@for_administrators
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """All record types in one table, saved at once."""
    found = get_object_or_404(Profile, pk=pk)
    lines = grid.lines(found)
    if request.method == "POST":
        _refuse_everything(found)
        if "reset" in request.POST:
            return _as_shipped(request, found)
        changed = [line for line in lines if grid.fill_in(line, request.POST)]
        if not any(line.error for line in lines):
            grid.keep(changed)
            return pages.go(
                request, request.path, _("The profile “%(profile)s” is saved.") % {"profile": found}
            )
    status = 422 if any(line.error for line in lines) else 200
    context = {
        "profile": found,
        "lines": lines,
        "reaches": grid.SHORT,
        "heads": [*grid.REACHES.values(), *grid.VERBS.values()],
        "fields": _fields_of(found),
        "is_everything": grid.is_everything(found),
    }
    return render(request, "rights/profile.html", context, status=status)


def _fields_of(profile: Profile) -> list[dict[str, Any]]:
    """For each type how many of its fields people with the profile do not see, or only read."""
    levels: dict[str, list[str]] = {}
    for name, level in FieldGrant.objects.filter(profile=profile).values_list("record_type", "level"):
        levels.setdefault(name, []).append(level)
    return [
        {
            "record_type": one,
            "hidden": levels.get(one.name, []).count("hidden"),
            "readonly": levels.get(one.name, []).count("readonly"),
        }
        for one in registry.every()
    ]


def _as_shipped(request: HttpRequest, profile: Profile) -> HttpResponse:
    record_type = {one.name: one for one in registry.every()}.get(request.POST["reset"])
    if record_type is not None and grid.is_shipped(profile):
        grid.as_shipped(profile, record_type)
    return pages.go(request, request.path, _("As shipped again."))


def _refuse_everything(profile: Profile) -> None:
    if grid.is_everything(profile):
        raise PermissionDenied(_("Administrators may do everything; their profile cannot be narrowed."))


@for_administrators
def fields(request: HttpRequest, pk: int, record_type: RecordType) -> HttpResponse:
    """Which fields of one type people with the profile edit, read, or do not see at all."""
    found = get_object_or_404(Profile, pk=pk)
    _refuse_everything(found)
    if request.method == "POST":
        grid.keep_fields(found, record_type, request.POST)
        there = reverse("rights:profile", args=[pk])
        return pages.go(request, there, _("The profile “%(profile)s” is saved.") % {"profile": found})
    context = {
        "profile": found,
        "record_type": record_type,
        "types": registry.every(),
        "lines": grid.field_lines(found, record_type),
    }
    return render(request, "rights/fields.html", context)
