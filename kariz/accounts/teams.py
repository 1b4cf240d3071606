"""The team tree."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kariz import audit
from kariz.accounts import trees
from kariz.accounts.models import Team


def place(team: Team, parent: Team | None) -> Team:
    """Save `team` below `parent` and move its whole subtree along. A loop is a `ValidationError`."""
    try:
        with audit.changing("rights.team", team):
            return trees.place(team, parent)
    except trees.Loop:
        message = _("A team cannot be part of itself or of a team below it.")
        raise ValidationError({"parent": message}) from None
