"""People, teams and roles in one list to choose from, each as a text such as `user:3`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from kariz.accounts.models import Role, Team, User
from kariz.core.sharing import Whom

Options = list[tuple[Any, Any]]
"""What a select offers: values with labels, some of them in named groups."""


def options(*, below: bool = False, but: Iterable[User] = ()) -> Options:
    """Roles, teams and active people; with `below` each role also together with those below it."""
    roles = list(Role.objects.order_by("path"))
    left_out = {one.pk for one in but}
    people = [one for one in User.objects.filter(is_active=True) if one.pk not in left_out]
    found: Options = [
        (_("People"), [(f"user:{one.pk}", str(one)) for one in people]),
        (_("Teams, with the teams below"), [(f"team:{one.pk}", str(one)) for one in Team.objects.all()]),
        (_("Roles"), [(f"role:{one.pk}", str(one)) for one in roles]),
    ]
    if below:
        named = [(f"role_below:{one.pk}", str(one)) for one in roles]
        found.append((_("Roles, with the roles below"), named))
    return [(label, choices) for label, choices in found if choices]


def find(text: str) -> Whom | None:
    """The person, team or role that such a text names."""
    kind, _colon, pk = text.partition(":")
    models: dict[str, Any] = {"user": User, "team": Team, "role": Role, "role_below": Role}
    model = models.get(kind)
    found: Whom | None = model.objects.filter(pk=pk).first() if model and pk.isdecimal() else None
    return found
