"""The tree of teams and who belongs to each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz import audit
from kariz.accounts import company
from kariz.accounts import teams as tree
from kariz.accounts.models import Team, User
from kariz.features.customize import pages
from kariz.features.customize.forms.people import TeamForm
from kariz.web.doors import for_administrators


@dataclass(frozen=True)
class Branch:
    """A team with its members and the teams below it."""

    team: Team
    members: list[User]
    below: list[Branch]


@for_administrators
def teams(request: HttpRequest) -> HttpResponse:
    members: dict[int | None, list[User]] = defaultdict(list)
    for user in User.objects.filter(is_active=True):
        members[user.team_id].append(user)
    below: dict[int | None, list[Team]] = defaultdict(list)
    for team in Team.objects.all():
        below[team.parent_id].append(team)

    def branches(parent: int | None) -> list[Branch]:
        return [Branch(team, members[team.pk], branches(team.pk)) for team in below[parent]]

    return pages.show(
        request, "customize/teams.html", "teams", branches=branches(None), without=members[None]
    )


@for_administrators
def add(request: HttpRequest) -> HttpResponse:
    initial = {"parent": request.GET.get("parent")}
    return _ask(request, TeamForm(pages.sent(request), initial=initial), _("Add team"), verb=_("Add team"))


@for_administrators
def change(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    is_empty = not team.members.exists() and not Team.objects.filter(parent=team).exists()
    return _ask(
        request, TeamForm(pages.sent(request), instance=team), str(team), team=team, is_empty=is_empty
    )


def _ask(request: HttpRequest, form: TeamForm, title: str, **context: object) -> HttpResponse:
    back = reverse("customize:teams")
    if request.method == "POST" and form.is_valid():
        try:
            team = tree.place(form.save(commit=False), form.cleaned_data["parent"])
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            return pages.go(request, back, _("The team “%(team)s” is saved.") % {"team": team})
    return pages.ask(request, title, "customize/_team.html", form=form, back=back, **context)


@require_POST
@for_administrators
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    back = reverse("customize:teams")
    if team.members.exists() or Team.objects.filter(parent=team).exists():
        return pages.warn(request, _("Only an empty team can be deleted."), back)
    with audit.changing("rights.team", team):
        team.delete()
    company.touch()
    return pages.go(request, back, _("The team “%(team)s” is deleted.") % {"team": team})
