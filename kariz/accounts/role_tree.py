"""The role tree: the shipped roles are planted once, administrators grow it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kariz import audit
from kariz.accounts import trees
from kariz.accounts.models import Profile, Role
from kariz.accounts.roles import ABOVE, EXTERNAL, ShippedRole


def place(role: Role, parent: Role | None) -> Role:
    """Save `role` below `parent` and move its whole subtree along. A loop is a `ValidationError`."""
    try:
        with audit.changing("rights.role", role):
            return trees.place(role, parent)
    except trees.Loop:
        raise ValidationError({"parent": _("A role cannot be below itself.")}) from None


@transaction.atomic
def plant(apps: Any = None, **_: Any) -> None:
    """Store the shipped roles and their profiles where there is no role at all. Runs after migrations."""
    is_older = apps is not None and "role" not in apps.all_models["accounts"]
    if is_older or Role.objects.exists():
        return
    made: dict[str, Role] = {}
    for shipped in ShippedRole:  # those above others stand before them
        with override("en"):
            name = str(shipped.label)
        profile, _is_new = Profile.objects.get_or_create(key=shipped.value, defaults={"name": name})
        role = Role(key=shipped.value, name=name, profile=profile, is_external=shipped in EXTERNAL)
        above = ABOVE.get(shipped)
        made[shipped] = trees.place(role, made[above] if above else None)
