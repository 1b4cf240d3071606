"""The tree of roles: who stands below whom, and what each may do by its profile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz import audit
from kariz.accounts import chart, company, keys, people, role_tree
from kariz.accounts.models import Role
from kariz.accounts.roles import ShippedRole
from kariz.features.rights import pages
from kariz.features.rights.forms import RoleForm
from kariz.web.doors import for_administrators


@dataclass(frozen=True)
class Branch:
    """A role, how many active people have it, and the roles below it."""

    role: Role
    count: int
    below: list[Branch]


@for_administrators
def roles(request: HttpRequest) -> HttpResponse:
    below: dict[int | None, list[Role]] = defaultdict(list)
    for role in Role.objects.select_related("profile").order_by("path"):
        below[role.parent_id].append(role)
    today = chart.current()

    def count(role: Role) -> int:
        return sum(today.people[pk].is_active for pk in today.with_role([role.key]))

    def branches(parent: int | None) -> list[Branch]:
        return [Branch(role, count(role), branches(role.pk)) for role in below[parent]]

    context = {"branches": branches(None), "links": pages.links("roles")}
    return render(request, "rights/roles.html", context)


@for_administrators
def add(request: HttpRequest) -> HttpResponse:
    form = RoleForm(pages.sent(request), initial={"parent": request.GET.get("below")})
    return _ask(request, form, _("Add role"))


@for_administrators
def change(request: HttpRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(Role, pk=pk)
    form = RoleForm(pages.sent(request), instance=role)
    delete_url = reverse("rights:role_delete", args=[pk]) if _is_unused(role) else ""
    return _ask(request, form, str(role), delete_url=delete_url, question=_("Delete this role?"))


def _ask(request: HttpRequest, form: RoleForm, title: str, **context: str) -> HttpResponse:
    back = reverse("rights:roles")
    if request.method == "POST" and form.is_valid():
        try:
            role = _save(form)
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            return pages.go(request, back, _("The role “%(role)s” is saved.") % {"role": role})
    return pages.ask(request, form, title, back=back, **context)


def _save(form: RoleForm) -> Role:
    role: Role = form.save(commit=False)
    if not role.key:
        role.key = keys.free(Role, role.name)
    with people.keeping_an_administrator():
        return role_tree.place(role, form.cleaned_data["parent"])


def _is_unused(role: Role) -> bool:
    return not (
        role.users.exists()
        or role.other_users.exists()
        or Role.objects.filter(parent=role).exists()
        or role.key == ShippedRole.ADMINISTRATOR
    )


@require_POST
@for_administrators
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a role that nobody has; what was open to it closes with it."""
    role = get_object_or_404(Role, pk=pk)
    if not _is_unused(role):
        told = _("Only a role that nobody has and that none is below can be deleted.")
        return pages.warn(request, redirect("rights:role", pk), told)
    with audit.changing("rights.role", role):
        role.delete()
        company.touch()
    return pages.go(request, reverse("rights:roles"), _("The role “%(role)s” is deleted.") % {"role": role})
