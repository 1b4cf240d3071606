"""The team tree."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from kariz import audit
from kariz.accounts.models import Team


@transaction.atomic
def place(team: Team, parent: Team | None) -> Team:
    """Save `team` below `parent` and move its whole subtree along. A loop is a `ValidationError`."""
    if parent and team.pk and f"/{team.pk}/" in parent.path:
        raise ValidationError({"parent": _("A team cannot be part of itself or of a team below it.")})
    team.parent = parent
    old_path = team.path
    with audit.changing("rights.team", team):
        if team.pk is None:
            team.save()
        team.path = f"{parent.path if parent else '/'}{team.pk}/"
        team.save()
    if old_path and old_path != team.path:
        below = Team.objects.filter(path__startswith=old_path).exclude(pk=team.pk)
        below.update(path=Concat(Value(team.path), Substr(F("path"), len(old_path) + 1)))
    return team
